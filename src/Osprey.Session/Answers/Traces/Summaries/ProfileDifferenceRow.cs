using Osprey.Traces.Analyses.Comparison;

namespace Osprey.Session.Answers.Traces.Summaries;

/// <summary>A node of two profiles' common tree with those below it that are shown.</summary>
/// <param name="profile">The profiles.</param>
/// <param name="node">The node.</param>
/// <param name="shown">The nodes that are shown.</param>
public sealed class ProfileDifferenceRow(
    ProfileDifference profile,
    ProfileDifferenceNode node,
    IReadOnlySet<ProfileDifferenceNode> shown
)
{
    /// <summary>The columns.</summary>
    internal static Shape<ProfileDifferenceRow> Shape { get; } =
        new Shape<ProfileDifferenceRow>("nodes")
            .Texts("frames", row => [row.Node.Text, .. row.Node.Tail])
            .Integer("hitsA", row => row.Node.HitsA)
            .Integer("hitsB", row => row.Node.HitsB)
            .FractionalDuration("durationA", row => row.Node.DurationA)
            .FractionalDuration("durationB", row => row.Node.DurationB)
            .Include(row => row.Change, ChangeShape.Shape)
            .Records("children", row => row.ListChildren() is { Count: > 0 } children ? children : null, () => Shape!)
            .Optional();

    /// <summary>The profiles.</summary>
    public ProfileDifference Profile => profile;

    /// <summary>The node.</summary>
    public ProfileDifferenceNode Node => node;

    /// <summary>The hits or nanoseconds of both, scaled.</summary>
    public Change Change => profile.ChangeOf(node);

    /// <summary>Returns the nodes below that are shown, biggest change first.</summary>
    public IReadOnlyList<ProfileDifferenceRow> ListChildren() =>
        [
            .. profile
                .Order(node.Children.Where(shown.Contains))
                .Select(child => new ProfileDifferenceRow(profile, child, shown)),
        ];
}
