namespace Osprey.Traces.Analyses.Profiles;

/// <summary>Makes trees of a profile's gathered backtraces.</summary>
public sealed class ProfileTreeBuilder(StackSymbols symbols, ProfileTreeOptions options)
{
    private readonly Dictionary<int, string[]> _paths = [];

    /// <summary>Builds one tree a group, longest and most hit first.</summary>
    public IReadOnlyList<ProfileTree> Build(StackProfile profile)
    {
        // Names are asked for in the order of the samples: addr2line, which stands behind compat mode, answers by its
        // history.
        foreach (ProfileEntry entry in profile.Groups.SelectMany(group => group.Entries).OrderBy(entry => entry.Order))
            PathOf(profile.Stacks, entry.Stack);

        var trees = new List<(ProfileTree Tree, int Order)>();
        foreach (ProfileGroup group in profile.Groups)
        {
            var root = new ProfileNode("All");
            var shown = new List<ProfileEntry>();
            foreach (ProfileEntry entry in group.Entries)
            {
                string[] path = PathOf(profile.Stacks, entry.Stack);
                Add(root, path, entry);
                if (path.Length > 0)
                    shown.Add(entry);
            }

            if (root.Hits == 0)
                continue;

            root.Collapse();
            if (options.MaxLevels != 0)
                root.Strip(options.MaxLevels);

            trees.Add((new ProfileTree(group.Key, group.ThreadNameIn(shown), root), shown[0].Order));
        }

        return
        [
            .. from item in trees
            orderby item.Tree.Root.Duration.Total descending, item.Tree.Root.Hits descending, item.Order
            select item.Tree,
        ];
    }

    private static void Add(ProfileNode root, string[] path, ProfileEntry entry)
    {
        if (path.Length == 0)
            return;

        ProfileNode node = root;
        node.Hit(entry.Hits, entry.Duration);
        foreach (string text in path)
        {
            node = node.GetOrAdd(text);
            node.Hit(entry.Hits, entry.Duration);
        }
    }

    private string[] PathOf(StackTable stacks, int stack)
    {
        if (_paths.TryGetValue(stack, out string[]? path))
            return path;

        StackFrames frames = symbols.Resolve(stacks[stack]).WithoutMachinery();
        if (options.CallerOriented)
            frames = frames.Reversed();

        if (options.Function is not null)
            frames = frames.From(options.Function, options.IsCompat);

        path = symbols.Compose(frames);
        _paths.Add(stack, path);
        return path;
    }
}
