namespace Osprey.Traces.Semantics;

/// <summary>Tells pairs of static probes by their names, <c>provider:name</c>.</summary>
internal static class ProbePairs
{
    /// <summary>The ends of names that programs use, the longer one first.</summary>
    private static readonly (string Entry, string Exit)[] s_suffixes =
    [
        ("__start", "__done"),
        ("__start", "__end"),
        ("__begin", "__end"),
        ("__entry", "__return"),
        ("__enter", "__return"),
        ("_entry", "_return"),
        ("_enter", "_exit"),
        ("_begin", "_end"),
        ("_start", "_done"),
        ("_start", "_end"),
    ];

    /// <summary>Finds what a probe is the end of; null for a name that is no probe's, or of no pair.</summary>
    public static PairEnd? Find(string name)
    {
        if (!name.Contains(':'))
            return null;

        foreach ((string entry, string exit) in s_suffixes)
        {
            if (name.EndsWith(entry, StringComparison.Ordinal))
                return new PairEnd(PairRole.Entry, name[..^entry.Length]);

            if (name.EndsWith(exit, StringComparison.Ordinal))
                return new PairEnd(PairRole.Exit, name[..^exit.Length]);
        }

        return null;
    }
}
