namespace Osprey.Target.Architectures;

/// <summary>The segment that a CPU takes instructions from, on processors that have segments.</summary>
/// <param name="Base">The number that is added to the program counter.</param>
/// <param name="Bits">The width of its code: 16, 32 or 64.</param>
public readonly record struct CodeSegment(ulong Base, int Bits);
