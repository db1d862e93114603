namespace Osprey.Symbols.Types.Variables;

/// <summary>A function.</summary>
/// <param name="Name">Its qualified name, without parameters.</param>
/// <param name="LinkAddress">Link-time address of its entry.</param>
/// <param name="Type">What it takes and returns.</param>
public sealed record DebugFunction(string Name, ulong LinkAddress, FunctionType Type);
