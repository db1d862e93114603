using Osprey.Traces.Analyses.Memory;

namespace Osprey.Session.Answers.Traces.Profiles;

/// <summary>The choice and order of what is shown of a tree of allocations.</summary>
/// <param name="sort">The order of groups: <c>size</c>, <c>count</c> or <c>unused</c>.</param>
/// <param name="thresholds">The least that is shown.</param>
public sealed class AllocationView(string sort, AllocationThresholds thresholds)
{
    /// <summary>Returns whether a group has enough allocations.</summary>
    public bool IsShown(AllocationGroup group) => group.Count >= thresholds.MinCount || thresholds.MinCount == 0;

    /// <summary>Returns the groups below a group that are shown, in order.</summary>
    public IEnumerable<AllocationGroup> ListGroups(AllocationGroup group)
    {
        IEnumerable<AllocationGroup> shown = group.Groups.Where(IsShown);
        return sort switch
        {
            "count" => shown.OrderByDescending(child => child.Count),
            "unused" => shown.OrderByDescending(child => child.UnusedPercent),
            _ => shown.OrderBy(child => child.Name, StringComparer.Ordinal).ThenBy(child => child.Value),
        };
    }

    /// <summary>Returns the frames below a frame that are shown, most first.</summary>
    public IEnumerable<AllocationFrame> ListFrames(AllocationFrame frame, AllocationGroup group) =>
        frame
            .Children.Where(child =>
                (thresholds.MinHits is not double hits || child.Count >= hits)
                && (thresholds.MinPercent is not double percent || Percent(child, group) >= percent)
            )
            .OrderByDescending(child => child.Count);

    /// <summary>Returns a frame's share in its group's allocations.</summary>
    public static double Percent(AllocationFrame frame, AllocationGroup group) =>
        (double)(frame.Count * 100) / group.Count;
}
