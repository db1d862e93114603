using Osprey.Traces.Analyses.Inventory;

namespace Osprey.Session.Answers.Traces.Files;

/// <summary>The columns of the rings that a guest's CPUs record into.</summary>
internal static class CpuRingShape
{
    /// <summary>The columns.</summary>
    public static Shape<CpuRing> Shape { get; } =
        new Shape<CpuRing>("cpus")
            .Integer("cpu", ring => ring.Cpu)
            .Integer("samples", ring => ring.Samples?.Samples ?? 0)
            .Time("first", ring => ring.Samples is { HasTime: true } timed ? timed.First : null)
            .Optional()
            .Time("last", ring => ring.Samples is { HasTime: true } timed ? timed.Last : null)
            .Optional()
            .Duration("startsAfter", ring => ring.Samples is { HasTime: true } ? ring.StartsAfter : (ulong?)null)
            .Optional()
            .Size("bytes", ring => ring.Samples?.Bytes ?? 0)
            .Integer("outOfOrder", ring => ring.Samples?.OutOfOrder ?? 0)
            .Size("chunkBytes", ring => ring.ChunkSize)
            .Size("ringBytes", ring => ring.Samples?.RingBytes ?? 0)
            .Size("ringCapacity", ring => ring.Capacity)
            .Text("ring", ring => Describe(ring.State));

    private static string Describe(RingState state) =>
        state switch
        {
            RingState.HasRoom => "has room",
            RingState.Wrapped => "wrapped",
            RingState.ProbablyWrapped => "probably wrapped",
            _ => "unknown",
        };
}
