namespace Osprey.Session.Answers.Traces.Calls;

/// <summary>A function of a call graph, or its sum, as a row.</summary>
/// <param name="Depth">The number of callers above it; 0 in a list of sums.</param>
/// <param name="Thread">The thread whose graph it is in; null when all are in one.</param>
/// <param name="ThreadName">That thread's name.</param>
/// <param name="Function">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Calls">How often it was called.</param>
/// <param name="Total">The nanoseconds in it and in what it called.</param>
/// <param name="Self">The nanoseconds in it alone.</param>
/// <param name="Longest">The nanoseconds of its longest call.</param>
public sealed record CallRow(
    int Depth,
    ulong? Thread,
    string? ThreadName,
    string Function,
    ulong Address,
    long Calls,
    ulong Total,
    ulong Self,
    ulong Longest
)
{
    /// <summary>The columns.</summary>
    public static Shape<CallRow> Shape { get; } =
        new Shape<CallRow>("calls")
            .Integer("depth", row => row.Depth)
            .OnlyInData()
            .Address("thread", row => row.Thread)
            .Optional()
            .OnlyInData()
            .Text("threadName", row => row.ThreadName)
            .Optional()
            .OnlyInData()
            .Duration("total", row => row.Total)
            .Duration("self", row => row.Self)
            .Integer("calls", row => row.Calls)
            .Duration("longest", row => row.Longest)
            .Address("address", row => row.Address)
            .OnlyInData()
            .Text("function", row => row.Function)
            .OnlyInData()
            .Text("name", row => new string(' ', 2 * Math.Min(row.Depth, 512)) + row.Function)
            .Headed("FUNCTION")
            .OnlyInText();
}
