namespace Osprey.Symbols.Types.Compounds;

/// <summary>The place of a bit field.</summary>
/// <param name="Shift">Number of the lowest bit in the byte at the member's offset, 0 to 7.</param>
/// <param name="Count">Number of bits, 1 to 64.</param>
public readonly record struct MemberBits(int Shift, int Count);
