using Osprey.Cli.Rendering.Text;
using Osprey.Session.Traces;
using Osprey.Traces.Analyses.Inventory;
using Osprey.Traces.Model;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Says in words what is missing or odd about a trace.</summary>
internal static class TraceInfoRemarks
{
    /// <summary>Lists what was lost, in the guest or in the file.</summary>
    public static IReadOnlyList<string> OfLosses(TraceInfo info, TraceStats stats)
    {
        var lines = new List<string>();
        CpuRing[] wrapped = [.. info.Rings.Where(ring => ring.State is RingState.Wrapped or RingState.ProbablyWrapped)];
        if (wrapped.Length > 0)
        {
            string which =
                wrapped.Length == 1
                    ? $"ring of CPU {wrapped[0].Cpu} has"
                    : $"rings of CPUs {string.Join(", ", wrapped.Select(ring => ring.Cpu))} have";
            string probably = wrapped.Any(ring => ring.State == RingState.ProbablyWrapped) ? " probably" : "";
            lines.Add($"the {which}{probably} wrapped: older samples were overwritten in the guest");
            if (info.CompleteFrom is ulong from)
                lines.Add(
                    $"data of all CPUs is complete only from {TraceInfoText.Seconds(from).Trim()} on (--since "
                        + $"{TraceInfoText.Seconds(from).Trim()})"
                );
        }

        if (info.Rings.Any(ring => ring.State == RingState.Unknown))
            lines.Add("some CPU has more samples than one ring holds: whether rings had wrapped cannot be told");

        if (stats.Damage is { } damage)
            lines.Add($"{damage.Message}; {info.Inventory.Samples} samples before that could be read");

        foreach ((LossKind kind, long amount) in stats.EnumerateLosses())
            lines.Add(LossReport.Describe(kind, amount));

        return lines;
    }

    /// <summary>Lists what is odd, though nothing is lost by it.</summary>
    public static IReadOnlyList<string> OfOddities(TraceInfo info)
    {
        InventoryAnalysis inventory = info.Inventory;
        var lines = new List<string>();
        Add(inventory.OutOfOrder, "samples are earlier than the one before them in the trace");
        foreach (CpuInventory cpu in inventory.Cpus.Where(cpu => cpu.OutOfOrder > 0 && cpu.Cpu != uint.MaxValue))
            Add(
                cpu.OutOfOrder,
                $"of them on CPU {cpu.Cpu} itself: its clock went back, or the trace is put together from several"
            );

        Add(inventory.WithoutThread, "samples have no thread (recorded before there were any)");
        Add(inventory.WithoutTime, "samples have time 0");
        foreach ((string name, int count) in info.SharedNames)
            Add(count, $"tracepoints are named {name}, each with a key of its own");

        foreach (TracepointInventory item in inventory.Tracepoints.Where(item => !item.FitsFormat))
            Add(
                item.Count,
                $"samples of {item.Tracepoint.Name}: its arguments ({item.Tracepoint.Signature}) do not fit "
                    + $"its format \"{item.Tracepoint.Format}\""
            );

        Add(inventory.Text.BadTracepoints, "tracepoints have a name or format that is not UTF-8");
        Add(inventory.Text.BadThreadNames, "names of threads are not UTF-8");
        Add(inventory.Text.BadArguments, "samples have a text argument that is not UTF-8");
        Add(inventory.Text.CutArguments, "samples have a text argument that was cut inside a character");
        return lines;

        void Add(long count, string what)
        {
            if (count > 0)
                lines.Add($"{count} {what}");
        }
    }
}
