using Osprey.Traces.Analyses.Memory;

namespace Osprey.Session.Answers.Traces.Profiles;

/// <summary>A frame on the way to allocations, with its callers that are shown.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Group">The allocations' group.</param>
public sealed record AllocationFrameRow(AllocationFrame Frame, AllocationGroupRow Group)
{
    /// <summary>The columns.</summary>
    internal static Shape<AllocationFrameRow> Shape { get; } =
        new Shape<AllocationFrameRow>("stacks")
            .Texts("frames", row => row.Frame.Texts)
            .Integer("count", row => row.Frame.Count)
            .Records("stacks", row => List(row.Frame, row.Group) is { Count: > 0 } frames ? frames : null, () => Shape!)
            .Optional();

    /// <summary>Returns the callers of a frame that are shown, most allocations first.</summary>
    public static IReadOnlyList<AllocationFrameRow> List(AllocationFrame frame, AllocationGroupRow group) =>
        [.. group.View.ListFrames(frame, group.Group).Select(child => new AllocationFrameRow(child, group))];
}
