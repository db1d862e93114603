using Osprey.Traces.Semantics;

namespace Osprey.Traces.Formats.ChromeJson;

/// <summary>The meaning of events in Chrome traces: slices are pairs, and no more is known.</summary>
/// <param name="pairs">The names of slices.</param>
internal sealed class ChromeTraceSemantics(IReadOnlySet<string> pairs) : TraceSemantics
{
    /// <summary>What the name of a slice's end has behind the slice's name.</summary>
    public const string EndSuffix = "_ret";

    /// <inheritdoc/>
    public override PairEnd EndOf(string name, bool isCompat)
    {
        if (pairs.Contains(name))
            return new PairEnd(PairRole.Entry, name);

        return name.EndsWith(EndSuffix, StringComparison.Ordinal) && pairs.Contains(name[..^EndSuffix.Length])
            ? new PairEnd(PairRole.Exit, name[..^EndSuffix.Length])
            : PairEnd.None;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ConventionalExits(string entry) => [entry + EndSuffix];
}
