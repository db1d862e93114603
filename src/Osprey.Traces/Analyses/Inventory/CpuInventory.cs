using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Inventory;

/// <summary>Takes stock of what a trace has of one CPU.</summary>
/// <param name="cpu">The CPU's number; 0xffffffff for samples without one.</param>
/// <param name="ring">The rings of the traced system; null when they are not known.</param>
public sealed class CpuInventory(uint cpu, TraceRing? ring)
{
    private readonly GapFinder _gaps = new(cpu);
    private ulong _previous;

    /// <summary>The CPU's number; 0xffffffff for samples without one.</summary>
    public uint Cpu => cpu;

    /// <summary>The number of samples.</summary>
    public long Samples { get; private set; }

    /// <summary>Bytes that they take in a tracefile.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Bytes of the CPU's ring that they took, with what was skipped at the ends of pages; 0 when rings are not known.
    /// </summary>
    public long RingBytes { get; private set; }

    /// <summary>Tells whether any sample has a time.</summary>
    public bool HasTime { get; private set; }

    /// <summary>The earliest time in nanoseconds.</summary>
    public ulong First { get; private set; }

    /// <summary>The latest time in nanoseconds.</summary>
    public ulong Last { get; private set; }

    /// <summary>Samples that are earlier than the one before them on this CPU.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Stretches without samples that are far longer than usual here, longest first.</summary>
    public IReadOnlyList<TraceGap> Gaps => _gaps.Find();

    internal void Add(in TraceEvent sample)
    {
        Samples++;
        Bytes += TracefileLayout.SizeOf(sample);
        if (ring is not null)
            RingBytes = ring.Advance(RingBytes, ring.SizeOfRecord(sample.Backtrace.Length, sample.Payload.Length));

        ulong time = sample.Time;
        if (time == 0)
            return;

        First = HasTime ? Math.Min(First, time) : time;
        Last = Math.Max(Last, time);
        if (HasTime && time >= _previous)
            _gaps.Add(_previous, time);
        else if (HasTime)
            OutOfOrder++;

        HasTime = true;
        _previous = time;
    }
}
