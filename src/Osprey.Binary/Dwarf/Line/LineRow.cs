namespace Osprey.Binary.Dwarf.Line;

/// <summary>The source place of an instruction.</summary>
/// <param name="File">Number of the file, as <see cref="LineTable.GetFilePath"/> takes it.</param>
/// <param name="Line">Line from 1; 0 when the instruction belongs to none.</param>
public readonly record struct LineRow(int File, int Line);
