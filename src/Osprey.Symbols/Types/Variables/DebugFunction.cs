namespace Osprey.Symbols.Types.Variables;

/// <summary>A function of a file.</summary>
/// <param name="Name">The qualified name, without parameters.</param>
/// <param name="LinkAddress">Link-time address of its first instruction.</param>
/// <param name="Type">The types of its parameters and its result.</param>
public sealed record DebugFunction(string Name, ulong LinkAddress, FunctionType Type);
