namespace Osprey.Binary.Dwarf.Line;

/// <summary>
/// The place of a name of a line table. The name is decoded only when a row that needs it is asked for.
/// </summary>
/// <param name="Section">The section that holds it.</param>
/// <param name="Offset">Offset of the name in that section.</param>
internal readonly record struct LineString(LineStringSection Section, ulong Offset);
