namespace Osprey.Binary.Dwarf.Expression;

/// <summary>The location of a part of an object. Parts follow one another from the object's first bit.</summary>
/// <param name="Location">The location.</param>
/// <param name="BitSize">Number of bits; null when the part is the whole object.</param>
/// <param name="BitOffset">Bits from the start of the location to the part.</param>
public readonly record struct LocationPiece(ValueLocation Location, ulong? BitSize = null, ulong BitOffset = 0);
