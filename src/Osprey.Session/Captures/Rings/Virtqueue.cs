namespace Osprey.Session.Captures.Rings;

/// <summary>The place of a virtqueue in a guest's memory (Virtual I/O Device 1.2, sections 2.7 and 2.8).</summary>
/// <param name="Number">Its number within the device.</param>
/// <param name="Size">The number of its descriptors, from 1 to 32768.</param>
/// <param name="Descriptors">Address of the descriptor table; of a packed queue, that of its ring.</param>
/// <param name="Available">Address of the available ring; of no use in a packed queue.</param>
/// <param name="Used">Address of the used ring; of no use in a packed queue.</param>
public sealed record Virtqueue(int Number, int Size, ulong Descriptors, ulong Available, ulong Used)
{
    /// <summary>True for a packed queue: one ring has all, without indices. False for a split one.</summary>
    public bool IsPacked { get; init; }

    /// <summary>True when the driver may name a table of descriptors by one of the queue's.</summary>
    public bool MayBeIndirect { get; init; }
}
