using Osprey.Rest.Counters;
using Osprey.Session.Answers;

namespace Osprey.Cli.Commands.Rest.Answers;

/// <summary>The columns of one reading of a guest's counters.</summary>
internal static class TraceCountsShape
{
    private static readonly Shape<TraceCount> s_count = new Shape<TraceCount>("counters")
        .Text("name", count => count.Name)
        .Integer("count", count => count.Count);

    public static Shape<TraceCounts> Shape { get; } =
        new Shape<TraceCounts>("readings")
            .Integer("timeMilliseconds", counts => counts.TimeMilliseconds)
            .Records("counters", counts => counts.List, () => s_count);
}
