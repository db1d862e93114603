namespace Osprey.Session.Captures.Rings;

/// <summary>A place in a packed ring, with the round that a user of the ring is in there.</summary>
/// <param name="Index">The number of the descriptor.</param>
/// <param name="Round">True in the first round, false in the second, and so on.</param>
internal readonly record struct PackedPlace(int Index, bool Round)
{
    /// <summary>The place some descriptors further, a ring's size at most.</summary>
    public PackedPlace Advance(int count, int size) =>
        Index + count < size ? this with { Index = Index + count } : new(Index + count - size, !Round);

    /// <summary>The place before.</summary>
    public PackedPlace Previous(int size) => Index > 0 ? this with { Index = Index - 1 } : new(size - 1, !Round);
}
