namespace Osprey.Symbols.Types.Variables;

/// <summary>The location of a variable while the program counter is in a range.</summary>
/// <param name="Start">Link-time address of the range's first byte.</param>
/// <param name="End">Link-time address of the first byte behind the range.</param>
/// <param name="Expression">A DWARF expression; empty when the variable is nowhere.</param>
public sealed record LocationRange(ulong Start, ulong End, ReadOnlyMemory<byte> Expression);
