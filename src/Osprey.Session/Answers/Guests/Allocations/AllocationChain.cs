using Osprey.Symbols;

namespace Osprey.Session.Answers.Guests.Allocations;

/// <summary>Allocations that were made by one chain of calls and are in use.</summary>
/// <param name="Sizes">The sizes in bytes.</param>
/// <param name="Births">
/// The numbers of the allocations among all that were recorded: a smaller one is older.
/// </param>
/// <param name="Frames">The calls, innermost first, with functions that were inlined.</param>
public sealed record AllocationChain(NumberRange Sizes, NumberRange Births, IReadOnlyList<SymbolFrame> Frames)
{
    /// <summary>The columns.</summary>
    public static Shape<AllocationChain> Shape { get; } =
        new Shape<AllocationChain>("groups")
            .Size("size", group => group.Sizes.Sum)
            .Integer("count", group => group.Sizes.Count)
            .Size("smallest", group => group.Sizes.Least)
            .Size("largest", group => group.Sizes.Most)
            .Unsigned("oldest", group => group.Births.Least)
            .Unsigned("newest", group => group.Births.Most)
            .Number("averageBirth", group => group.Births.Average)
            .Records("frames", group => group.Frames, () => SymbolFrameShape.Shape);
}
