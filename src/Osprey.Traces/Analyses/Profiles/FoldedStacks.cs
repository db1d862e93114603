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
    /// <summary>Folds the stacks of a profile, whatever it is grouped by.</summary>
    /// <param name="profile">The stacks.</param>
    /// <param name="symbols">Names the frames.</param>
    /// <param name="options">Orientation, function and levels; the reference knows none of them.</param>
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
        foreach (ProfileEntry entry in profile.Groups.SelectMany(group => group.Entries))
        {
            StackFrames frames = symbols.Resolve(profile.Stacks[entry.Stack]).WithoutMachinery();
            int depth = frames.Frames.Count;
            if (options.Function is not null && !options.IsCompat)
                frames = frames.From(options.Function, exceptFirst: false);

            if (frames.Frames.Count == 0)
                continue;

            // Without the functions between them, a function did not meet the tracepoint.
            string[] leaf =
                tracepoints is not null && entry.Tracepoint >= 0 && frames.Frames.Count == depth
                    ? [Bare(tracepoints[entry.Tracepoint].Name)]
                    : [];
            string[] names = [.. frames.Reversed().Frames.Select(frame => NameOf(frame, options.IsCompat)), .. leaf];
            if (!options.IsCompat && options.MaxLevels > 0 && names.Length > options.MaxLevels)
                names = names[..options.MaxLevels];

            string stack = string.Join(';', names);
            hits[stack] = hits.GetValueOrDefault(stack) + entry.Hits;
            total += entry.Hits;
        }

        return new FoldedStacks([.. hits.Select(item => (item.Key, item.Value))], total);
    }

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
