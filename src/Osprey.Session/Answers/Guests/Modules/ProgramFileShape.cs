using Osprey.Session.Guests.Programs;

namespace Osprey.Session.Answers.Guests.Modules;

/// <summary>The columns of a list of the files that a program of this host has mapped with code.</summary>
public static class ProgramFileShape
{
    /// <summary>The columns.</summary>
    public static Shape<ModuleFile> Shape { get; } =
        new Shape<ModuleFile>("modules")
            .Address("start", file => file.Loaded.Start)
            .Address("end", file => file.Loaded.End)
            .Unsigned("size", file => file.Loaded.End - file.Loaded.Start)
            .Text("path", file => file.Loaded.Path);
}
