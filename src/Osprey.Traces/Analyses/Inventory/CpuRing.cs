namespace Osprey.Traces.Analyses.Inventory;

/// <summary>The ring of one CPU, and what became of the samples in it.</summary>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="Samples">The CPU's samples in the trace; null when it has no sample of that CPU.</param>
/// <param name="ChunkSize">Size in bytes of its chunk in a dump; null in a tracefile.</param>
/// <param name="Capacity">Size of its ring in bytes, by the number of CPUs.</param>
/// <param name="State">Whether the ring had wrapped.</param>
/// <param name="StartsAfter">Nanoseconds by which it starts later than the CPU that starts first.</param>
public sealed record CpuRing(
    uint Cpu,
    CpuInventory? Samples,
    long? ChunkSize,
    long Capacity,
    RingState State,
    ulong StartsAfter
)
{
    /// <summary>Judges the rings of a trace.</summary>
    /// <param name="cpus">The CPUs that have samples; those without a number are left out.</param>
    /// <param name="chunkSizes">
    /// Size of each CPU's chunk, for a dump: there are then as many CPUs. Null for a tracefile.
    /// </param>
    /// <param name="ring">The rings of the traced system; null, which gives no answer, when they are not known.</param>
    /// <remarks>
    /// A ring that has wrapped is full but for the page that was being written. One that has just not wrapped may be as
    /// full: among rings of 256 pages and more, that is one of hundreds.
    /// </remarks>
    public static IReadOnlyList<CpuRing> Judge(
        IEnumerable<CpuInventory> cpus,
        IReadOnlyList<long>? chunkSizes,
        TraceRing? ring
    )
    {
        if (ring is null)
            return [];

        var known = cpus.Where(cpu => cpu.Cpu != uint.MaxValue).ToDictionary(cpu => cpu.Cpu);
        long count = chunkSizes?.Count ?? 0;
        foreach (uint cpu in known.Keys)
            count = Math.Max(count, cpu + 1L);

        long capacity = ring.CapacityFor(count);
        ulong first = known.Values.Where(cpu => cpu.HasTime).Select(cpu => cpu.First).DefaultIfEmpty().Min();
        var rings = new List<CpuRing>();
        for (int i = 0; i < (chunkSizes?.Count ?? 0); i++)
            known.TryAdd((uint)i, new CpuInventory((uint)i, ring));

        foreach (CpuInventory cpu in known.Values.OrderBy(cpu => cpu.Cpu))
        {
            long? chunk = chunkSizes is not null && cpu.Cpu < chunkSizes.Count ? chunkSizes[(int)cpu.Cpu] : null;
            rings.Add(
                new CpuRing(
                    cpu.Cpu,
                    cpu.Samples == 0 ? null : cpu,
                    chunk,
                    capacity,
                    Judge(ring, Math.Max(cpu.RingBytes, chunk ?? 0), capacity, isCertain: chunk is not null),
                    cpu.HasTime ? cpu.First - first : 0
                )
            );
        }

        return rings;
    }

    private static RingState Judge(TraceRing ring, long used, long capacity, bool isCertain) =>
        used > capacity ? RingState.Unknown
        : used <= capacity - (2 * ring.PageSize) ? RingState.HasRoom
        : isCertain ? RingState.Wrapped
        : RingState.ProbablyWrapped;
}
