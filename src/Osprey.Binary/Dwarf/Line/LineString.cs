namespace Osprey.Binary.Dwarf.Line;

/// <summary>Where a name of a line table is stored; it is decoded only when a row that needs it is asked for.</summary>
/// <param name="Section">The section that holds it.</param>
/// <param name="Offset">Where it starts.</param>
internal readonly record struct LineString(LineStringSection Section, ulong Offset);
