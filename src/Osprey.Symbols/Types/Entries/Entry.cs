namespace Osprey.Symbols.Types.Entries;

/// <summary>An entry of a unit, by its place.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Offset">Offset of the entry in the unit's section.</param>
internal readonly record struct Entry(UnitEntries Unit, ulong Offset);
