using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Session.Answers.Traces.Profiles;

/// <summary>The answer to: where do samples, or their time, come from?</summary>
/// <param name="Trees">The trees, in order.</param>
/// <param name="Grouping">The groups that have a tree each.</param>
/// <param name="IsShown">Says whether a node is shown; told its tree's root.</param>
public sealed record ProfileAnswer(
    IReadOnlyList<ProfileTree> Trees,
    ProfileGrouping Grouping,
    Func<ProfileNode, ProfileNode, bool> IsShown
)
{
    private static readonly Shape<Tree> s_tree = new Shape<Tree>("trees")
        .Address("thread", tree => tree.Grouping == ProfileGrouping.Thread ? tree.Profile.Group : null)
        .Optional()
        .Text("threadName", tree => tree.Grouping == ProfileGrouping.Thread ? tree.Profile.ThreadName : null)
        .Optional()
        .Unsigned("cpu", tree => tree.Grouping == ProfileGrouping.Cpu ? tree.Profile.Group : null)
        .Optional()
        .Record("root", tree => tree.Root, ProfileNodeRow.Shape)
        .Optional();

    /// <summary>The columns.</summary>
    public static Shape<ProfileAnswer> Shape { get; } =
        new Shape<ProfileAnswer>("profiles").Records("trees", answer => answer.Rows, () => s_tree);

    /// <summary>The trees as rows.</summary>
    public IEnumerable<Tree> Rows => Trees.Select(tree => new Tree(tree, Grouping, CreateRoot(tree)));

    private ProfileNodeRow? CreateRoot(ProfileTree tree) =>
        IsShown(tree.Root, tree.Root) ? new ProfileNodeRow(tree.Root, tree.Root, IsShown) : null;

    /// <summary>The tree of one group.</summary>
    /// <param name="Profile">The tree.</param>
    /// <param name="Grouping">The kind of group.</param>
    /// <param name="Root">Its root; null when that is not shown.</param>
    public sealed record Tree(ProfileTree Profile, ProfileGrouping Grouping, ProfileNodeRow? Root);
}
