namespace Osprey.Session.Captures.Rings;

/// <summary>The place of a split virtqueue in a guest's memory (Virtual I/O Device 1.2, section 2.7).</summary>
/// <param name="Number">Its number within the device.</param>
/// <param name="Size">The number of its descriptors, from 1 to 32768.</param>
/// <param name="Descriptors">Address of the descriptor table.</param>
/// <param name="Available">Address of the available ring.</param>
/// <param name="Used">Address of the used ring.</param>
public sealed record Virtqueue(int Number, int Size, ulong Descriptors, ulong Available, ulong Used);
