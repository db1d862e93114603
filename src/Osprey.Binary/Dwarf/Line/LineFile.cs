namespace Osprey.Binary.Dwarf.Line;

/// <summary>One source file of a line table.</summary>
/// <param name="Name">Its name, often with some of its path.</param>
/// <param name="Directory">Number of its folder.</param>
internal readonly record struct LineFile(LineString Name, ulong Directory);
