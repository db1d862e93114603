namespace Osprey.Binary.Dwarf.Line;

/// <summary>A source file of a line table.</summary>
/// <param name="Name">The file's name, often with a part of its path.</param>
/// <param name="Directory">Number of its folder in the table.</param>
internal readonly record struct LineFile(LineString Name, ulong Directory);
