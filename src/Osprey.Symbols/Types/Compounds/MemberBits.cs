namespace Osprey.Symbols.Types.Compounds;

/// <summary>The place of a bit field.</summary>
/// <param name="Shift">Bits from the lowest one of the byte at the member's offset, 0 to 7.</param>
/// <param name="Count">How many bits it has, 1 to 64.</param>
public readonly record struct MemberBits(int Shift, int Count);
