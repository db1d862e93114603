using Osprey.Session.Guests.Programs;

namespace Osprey.Session.Answers.Guests.Modules;

/// <summary>The columns of a list of loaded files.</summary>
public static class ModuleShape
{
    /// <summary>The columns.</summary>
    public static Shape<ModuleFile> Shape { get; } =
        new Shape<ModuleFile>("modules")
            .Address("start", file => file.Loaded.Start)
            .Address("end", file => file.Loaded.End)
            .Address("base", file => file.Loaded.Base)
            .OnlyInData()
            .Text("path", file => file.Loaded.Path)
            .Text("file", file => file.Path)
            .Text("origin", file => file.Origin);
}
