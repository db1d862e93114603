namespace Osprey.Traces.Analyses.Calls;

/// <summary>A function in a call graph, reached by one way from a thread's outermost recorded call.</summary>
/// <param name="Function">The function's address; 0 for a root.</param>
/// <param name="Parent">The index of its caller's node; -1 for a root.</param>
/// <param name="Calls">How often it was called on this way.</param>
/// <param name="Total">The nanoseconds in it and in what it called.</param>
/// <param name="Self">The nanoseconds in it alone.</param>
/// <param name="Longest">The nanoseconds of its longest call.</param>
public readonly record struct CallNode(
    ulong Function,
    int Parent,
    long Calls,
    Int128 Total,
    Int128 Self,
    ulong Longest
);
