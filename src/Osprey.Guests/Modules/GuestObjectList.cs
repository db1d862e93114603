namespace Osprey.Guests.Modules;

/// <summary>The files of code that a guest has loaded, without its kernel.</summary>
/// <param name="Objects">The files, in the system's own order.</param>
/// <param name="Defects">The reasons why some may be missing, in words; empty when none is.</param>
public sealed record GuestObjectList(IReadOnlyList<GuestObject> Objects, IReadOnlyList<string> Defects);
