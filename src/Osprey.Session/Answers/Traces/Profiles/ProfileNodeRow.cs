using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Session.Answers.Traces.Profiles;

/// <summary>A node of a profile's tree with those below it that are shown.</summary>
/// <param name="node">The node.</param>
/// <param name="root">The tree's root.</param>
/// <param name="isShown">Says whether a node is shown.</param>
public sealed class ProfileNodeRow(ProfileNode node, ProfileNode root, Func<ProfileNode, ProfileNode, bool> isShown)
{
    /// <summary>The columns.</summary>
    internal static Shape<ProfileNodeRow> Shape { get; } =
        new Shape<ProfileNodeRow>("nodes")
            .Texts("frames", row => [row.Node.Text, .. row.Node.Tail])
            .Integer("hits", row => row.Node.Hits)
            .FractionalDuration("duration", row => row.Node.Duration.Total)
            .Share("percent", row => Math.Round(row.Percent, 4))
            .Records("children", row => row.ListChildren() is { Count: > 0 } children ? children : null, () => Shape!)
            .Optional();

    /// <summary>The node.</summary>
    public ProfileNode Node => node;

    /// <summary>True when the tree is about time, and not only about hits.</summary>
    public bool HasTime => root.Duration.Total != 0;

    /// <summary>Its share of the tree: of the time when there is any, else of the hits.</summary>
    public double Percent =>
        HasTime ? node.Duration.Total * 100 / root.Duration.Total : (double)node.Hits * 100 / root.Hits;

    /// <summary>Returns the nodes below that are shown, longest and most hit first.</summary>
    public IReadOnlyList<ProfileNodeRow> ListChildren() =>
        [
            .. node
                .Children.Where(child => isShown(child, root))
                .OrderByDescending(child => child.Duration.Total)
                .ThenByDescending(child => child.Hits)
                .Select(child => new ProfileNodeRow(child, root, isShown)),
        ];
}
