namespace Osprey.Session.Captures.Rings;

/// <summary>A piece of a buffer, as a descriptor names it.</summary>
/// <param name="Address">Where it is in the guest's physical memory.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="IsWritable">Whether the device writes it; otherwise it only reads it.</param>
internal readonly record struct BufferPart(ulong Address, uint Size, bool IsWritable);
