using Osprey.Guests.Modules;

namespace Osprey.Session.Answers.Guests.Modules;

/// <summary>The columns of a module's ranges of memory.</summary>
public static class ModulePartShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestModulePart> Shape { get; } =
        new Shape<GuestModulePart>("parts")
            .Text("name", part => part.Name)
            .Address("start", part => part.Start)
            .Unsigned("size", part => part.Size);
}
