namespace Osprey.Binary.Dwarf.Line;

/// <summary>The source file and line of an instruction.</summary>
/// <param name="File">Number of the file, for <see cref="LineTable.GetFilePath"/>.</param>
/// <param name="Line">The line, from 1; 0 when the instruction belongs to no line.</param>
internal readonly record struct LineRow(int File, int Line);
