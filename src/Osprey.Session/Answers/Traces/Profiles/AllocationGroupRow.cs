using Osprey.Traces.Analyses.Memory;

namespace Osprey.Session.Answers.Traces.Profiles;

/// <summary>A group of allocations with the groups and stacks below it that are shown.</summary>
/// <param name="Group">The group.</param>
/// <param name="View">The choice and order of what is shown.</param>
public sealed record AllocationGroupRow(AllocationGroup Group, AllocationView View)
{
    /// <summary>The columns.</summary>
    public static Shape<AllocationGroupRow> Shape { get; } =
        new Shape<AllocationGroupRow>("groups")
            .Text("allocator", row => row.Group.Key == AllocationKey.Allocator ? row.Group.Name : null)
            .Optional()
            .Size("alignment", row => row.ValueOf(AllocationKey.Alignment))
            .Optional()
            .Size("allocated", row => row.ValueOf(AllocationKey.Allocated))
            .Optional()
            .Size("requested", row => row.ValueOf(AllocationKey.Requested))
            .Optional()
            .Integer("count", row => row.Group.Count)
            .Number("allocatedBytes", row => row.Group.TotalBytes)
            .Number("unusedBytes", row => row.Group.UnusedBytes)
            .Records("groups", row => row.ListGroups() is { Count: > 0 } groups ? groups : null, () => Shape!)
            .Optional()
            .Records(
                "stacks",
                row => AllocationFrameRow.List(row.Group.Frames, row) is { Count: > 0 } frames ? frames : null,
                () => AllocationFrameRow.Shape
            )
            .Optional();

    private ulong? ValueOf(AllocationKey key) => Group.Key == key ? Group.Value : null;

    private List<AllocationGroupRow> ListGroups() =>
        [.. View.ListGroups(Group).Select(group => new AllocationGroupRow(group, View))];
}
