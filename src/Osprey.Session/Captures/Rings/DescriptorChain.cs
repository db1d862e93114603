namespace Osprey.Session.Captures.Rings;

/// <summary>A buffer: the parts that a chain of descriptors names, and the descriptors that it takes.</summary>
/// <param name="Parts">The parts, in order.</param>
/// <param name="Indexes">The numbers of the queue's descriptors that are its own.</param>
/// <param name="Problem">Why it does not follow the format; null when it does.</param>
internal sealed record DescriptorChain(
    IReadOnlyList<BufferPart> Parts,
    IReadOnlyList<ushort> Indexes,
    string? Problem = null
)
{
    /// <summary>Bytes of the parts that the device reads, or of those that it writes.</summary>
    public ulong GetSize(bool isWritable)
    {
        ulong size = 0;
        foreach (BufferPart part in Parts)
            size += part.IsWritable == isWritable ? part.Size : 0;

        return size;
    }

    /// <summary>The address of a byte of the parts that the device reads or writes; null when it has less.</summary>
    public ulong? AddressOf(ulong offset, bool isWritable)
    {
        foreach (BufferPart part in Parts)
        {
            if (part.IsWritable != isWritable)
                continue;

            if (offset < part.Size)
                return unchecked(part.Address + offset);

            offset -= part.Size;
        }

        return null;
    }
}
