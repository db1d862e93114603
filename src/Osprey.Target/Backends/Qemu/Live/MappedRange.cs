using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Osprey.Target.Backends.Qemu.Live;

/// <summary>
/// The range of guest memory that was read last, with where it lies in this process. Nearly all reads are short and in
/// the largest range: of those, nothing but the load itself should cost.
/// </summary>
internal sealed unsafe class MappedRange
{
    private readonly ulong _start;
    private readonly ulong _size;
    private readonly byte* _bytes;

    /// <param name="start">Guest-physical address of its first byte.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="bytes">Where the first byte lies; stays there as long as this is used.</param>
    public MappedRange(ulong start, ulong size, byte* bytes)
    {
        _start = start;
        _size = size;
        _bytes = bytes;
    }

    /// <summary>A range that holds nothing.</summary>
    public static MappedRange None { get; } = new(0, 0, null);

    /// <summary>
    /// Copies a short read that lies within the range; false, with nothing copied, when it does not, or is long.
    /// </summary>
    public bool TryRead(ulong address, Span<byte> buffer)
    {
        ulong inside = unchecked(address - _start);
        if (inside >= _size || (ulong)buffer.Length > _size - inside || buffer.Length >= SharedMapping.LongRange)
            return false;

        ref byte target = ref MemoryMarshal.GetReference(buffer);
        if (buffer.Length == sizeof(ulong))
            Unsafe.WriteUnaligned(ref target, Unsafe.ReadUnaligned<ulong>(_bytes + inside));
        else
            new ReadOnlySpan<byte>(_bytes + inside, buffer.Length).CopyTo(buffer);

        return true;
    }
}
