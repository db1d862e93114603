namespace Osprey.Binary.Dwarf.Expression;

/// <summary>Where a part of an object is; parts follow one another from the object's first bit.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="BitSize">How many bits it has; null when it is the whole object.</param>
/// <param name="BitOffset">How many bits into the location it starts.</param>
public readonly record struct LocationPiece(ValueLocation Location, ulong? BitSize = null, ulong BitOffset = 0);
