using Osprey.Traces.Analyses.Scheduling;

namespace Osprey.Session.Answers.Traces.Samples;

/// <summary>The columns of run queue lengths.</summary>
public static class CpuLoadShape
{
    /// <summary>The columns.</summary>
    public static Shape<CpuLoadRow> Shape { get; } =
        new Shape<CpuLoadRow>("loads")
            .Time("time", row => row.Time)
            .List(
                "loads",
                (row, writer) =>
                {
                    for (int cpu = 0; cpu < row.Loads.Count; cpu++)
                    {
                        if (row.Loads[cpu] is ulong load)
                            writer.Unsigned(null, load);
                        else
                            writer.Null(null);
                    }
                }
            );
}
