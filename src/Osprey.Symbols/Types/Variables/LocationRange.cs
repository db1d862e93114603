namespace Osprey.Symbols.Types.Variables;

/// <summary>Where a variable is while the program counter is in a range.</summary>
/// <param name="Start">Link-time address of the range's first byte.</param>
/// <param name="End">The first behind it.</param>
/// <param name="Expression">A DWARF expression; empty when it is nowhere.</param>
public sealed record LocationRange(ulong Start, ulong End, ReadOnlyMemory<byte> Expression);
