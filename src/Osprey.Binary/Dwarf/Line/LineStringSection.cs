namespace Osprey.Binary.Dwarf.Line;

/// <summary>The sections that can hold names of a line table.</summary>
internal enum LineStringSection : byte
{
    None,
    Line,
    LineStrings,
    Strings,
}
