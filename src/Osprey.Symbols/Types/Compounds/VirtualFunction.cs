namespace Osprey.Symbols.Types.Compounds;

/// <summary>A virtual function that a class declares.</summary>
/// <param name="Name">The qualified name with the types of its parameters, if debug info has them.</param>
/// <param name="Slot">Its place among the functions in the class's table of virtual functions.</param>
public sealed record VirtualFunction(string Name, ulong Slot);
