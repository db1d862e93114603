using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Rings;

namespace Osprey.Session.Traces.Rings;

/// <summary>Sums up what was recorded of each CPU.</summary>
internal sealed class RecordedCpus
{
    private readonly SortedDictionary<int, RecordedCpu> _cpus = [];

    /// <summary>The CPUs by number.</summary>
    public IReadOnlyList<RecordedCpu> All => [.. _cpus.Values];

    /// <summary>Adds a piece.</summary>
    public void Add(RingPiece piece) =>
        _cpus[piece.Cpu] = (_cpus.GetValueOrDefault(piece.Cpu) ?? RecordedCpu.None((uint)piece.Cpu)).With(piece);
}
