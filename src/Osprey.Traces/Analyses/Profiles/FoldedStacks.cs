using Osprey.Symbols;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Profiles;

/// <summary>
/// A profile as one line a stack: the frames' names, outermost first, joined by semicolons.
/// </summary>
/// <param name="Stacks">The stacks with their hits, in the order in which they were first met.</param>
/// <param name="Total">All hits.</param>
public sealed record FoldedStacks(IReadOnlyList<(string Stack, long Hits)> Stacks, long Total)
{
    /// <summary>
    /// Folds the stacks of a profile; the thread or CPU that it is grouped by is the outermost frame.
    /// </summary>
    /// <param name="profile">The stacks.</param>
    /// <param name="symbols">Names the frames.</param>
    /// <param name="options">
    /// The levels, and the function: the frames from it outwards, or with callers first from it inwards. The reference
    /// knows none of them.
    /// </param>
    /// <param name="tracepoints">
    /// Names the tracepoint of each entry, which is the innermost frame; null for the functions alone.
    /// </param>
    public static FoldedStacks Build(
        StackProfile profile,
        StackSymbols symbols,
        ProfileTreeOptions options,
        TracepointTable? tracepoints = null
    )
    {
        var hits = new OrderedDictionary<string, long>();
        long total = 0;
        foreach ((ProfileGroup group, ProfileEntry entry) in EntriesOf(profile))
        {
            StackFrames frames = symbols.Resolve(profile.Stacks[entry.Stack]).WithoutMachinery();
            int depth = frames.Frames.Count;
            if (options.Function is not null && !options.IsCompat)
                frames = options.CallerOriented
                    ? frames.Reversed().From(options.Function, exceptFirst: false).Reversed()
                    : frames.From(options.Function, exceptFirst: false);

            if (frames.Frames.Count == 0)
                continue;

            // Without the functions between them, a function did not meet the tracepoint.
            string[] leaf =
                tracepoints is not null
                && entry.Tracepoint >= 0
                && (frames.Frames.Count == depth || options.CallerOriented)
                    ? [Bare(tracepoints[entry.Tracepoint].Name)]
                    : [];
            string[] names = [.. frames.Reversed().Frames.Select(frame => NameOf(frame, options.IsCompat)), .. leaf];
            if (!options.IsCompat && options.MaxLevels > 0 && names.Length > options.MaxLevels)
                names = names[..options.MaxLevels];

            if (!options.IsCompat && group.Describe(profile.Grouping) is string label)
                names = [Bare(label), .. names];

            string stack = string.Join(';', names);
            hits[stack] = hits.GetValueOrDefault(stack) + entry.Hits;
            total += entry.Hits;
        }

        return new FoldedStacks([.. hits.Select(item => (item.Key, item.Value))], total);
    }

    private static IEnumerable<(ProfileGroup Group, ProfileEntry Entry)> EntriesOf(StackProfile profile) =>
        profile.Groups.SelectMany(group => group.Entries, (group, entry) => (group, entry));

    /// <summary>
    /// A frame's bare name. A semicolon in it would split it and is replaced; the reference shows unknown addresses in
    /// decimal.
    /// </summary>
    private static string NameOf(SymbolFrame frame, bool isCompat) =>
        string.IsNullOrEmpty(frame.Name)
            ? isCompat
                ? frame.Address.ToString()
                : $"0x{frame.Address:x}"
            : isCompat
                ? frame.Name
                : Bare(frame.Name);

    private static string Bare(string name) => name.Replace(';', ',').ReplaceLineEndings(" ");
}
