namespace Osprey.Binary.Dwarf.Line;

/// <summary>The sections that names of a line table can be in.</summary>
internal enum LineStringSection : byte
{
    None,
    Line,
    LineStrings,
    Strings,
}
