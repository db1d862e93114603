namespace Osprey.Session.Captures;

/// <summary>What became of a queue's packets. All that there were: captured, lost and malformed.</summary>
/// <param name="Captured">Packets that were captured.</param>
/// <param name="Unverified">Those of them that may have been overwritten, and have no checksum to tell.</param>
/// <param name="Lost">Packets that were overwritten before they could be read.</param>
/// <param name="Malformed">Packets whose descriptors or headers do not follow the format.</param>
public readonly record struct QueueCounts(long Captured, long Unverified, long Lost, long Malformed)
{
    /// <summary>All packets that there were.</summary>
    public long Total => Captured + Lost + Malformed;

    /// <summary>Adds the counts of another queue.</summary>
    public QueueCounts Add(QueueCounts other) =>
        new(Captured + other.Captured, Unverified + other.Unverified, Lost + other.Lost, Malformed + other.Malformed);
}
