namespace Osprey.Traces.Rings;

/// <summary>Samples of a ring that could not be read, because the kernel had written over them.</summary>
/// <param name="Bytes">The bytes that they had in the ring, with the unused ends of pages: exact.</param>
/// <param name="Samples">
/// The number of samples that the bytes held, by the sizes of those that were read: exact when all have one size.
/// </param>
/// <param name="IsEarlier">
/// True for what was overwritten before anything was read of the ring: that was there before the trace begins.
/// </param>
public readonly record struct RingLoss(ulong Bytes, ulong Samples, bool IsEarlier);
