namespace Osprey.Symbols.Types.Entries;

/// <summary>A place in debug info: an entry of a unit.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Offset">Where the entry starts in the unit's section.</param>
internal readonly record struct Entry(UnitEntries Unit, ulong Offset);
