using Osprey.Binary;

namespace Osprey.Target.Memory;

/// <summary>
/// Physical memory put together of ranges, each with a source of its bytes. What lies between them is unreadable.
/// </summary>
/// <remarks>Reads run on over ranges that touch. The sources are not owned.</remarks>
public sealed class SegmentedMemory : IMappedMemory
{
    private readonly ulong[] _starts;
    private readonly MemorySegment[] _segments;
    private int _last;

    /// <param name="segments">The ranges in any order; empty ones are left out.</param>
    /// <exception cref="ArgumentException">
    /// Two of them overlap, or one goes over the end of the address space.
    /// </exception>
    public SegmentedMemory(IEnumerable<MemorySegment> segments)
    {
        _segments =
        [
            .. segments.Where(segment => segment.Block.Size != 0).OrderBy(segment => segment.Block.Start.Value),
        ];
        _starts = new ulong[_segments.Length];
        var blocks = new MemoryBlock[_segments.Length];
        for (int i = 0; i < _segments.Length; i++)
        {
            MemoryBlock block = blocks[i] = _segments[i].Block;
            _starts[i] = block.Start.Value;
            if (block.Size > ulong.MaxValue - block.Start.Value)
                throw new ArgumentException(
                    $"the range at {block.Start} goes over the end of the address space",
                    nameof(segments)
                );

            if (i > 0 && blocks[i - 1].End.Value > block.Start.Value)
                throw new ArgumentException(
                    $"the ranges at {blocks[i - 1].Start} and {block.Start} overlap",
                    nameof(segments)
                );
        }

        Blocks = blocks;
    }

    /// <inheritdoc/>
    public IReadOnlyList<MemoryBlock> Blocks { get; }

    /// <inheritdoc/>
    public int Read(PhysicalAddress address, Span<byte> buffer)
    {
        int index = FindCached(address.Value);
        if (index < 0)
            return 0;

        int total = 0;
        ulong position = address.Value;
        while (total < buffer.Length)
        {
            MemorySegment segment = _segments[index];
            ulong inside = position - _starts[index];
            if (inside >= segment.Block.Size)
                break;

            int wanted = (int)Math.Min(segment.Block.Size - inside, (ulong)(buffer.Length - total));
            int count = segment.Source.Read(segment.Offset + (long)inside, buffer.Slice(total, wanted));
            total += count;
            position += (uint)count;
            if (count < wanted || ++index == _segments.Length || _starts[index] != position)
                break;
        }

        return total;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> GetMapped(PhysicalAddress address, int maxLength)
    {
        int index = BinarySearch.FindLastNotAbove(_starts, address.Value);
        if (index < 0)
            return default;

        MemorySegment segment = _segments[index];
        ulong inside = address.Value - _starts[index];
        return inside >= segment.Block.Size
            ? default
            : segment.Source.GetMapped(
                segment.Offset + (long)inside,
                (int)Math.Min(segment.Block.Size - inside, (ulong)maxLength)
            );
    }

    /// <summary>
    /// Index of the range that holds an address, most often the one of the last read; -1 when none does.
    /// </summary>
    private int FindCached(ulong address)
    {
        int last = _last;
        if (
            (uint)last < (uint)_starts.Length
            && address >= _starts[last]
            && address - _starts[last] < _segments[last].Block.Size
        )
            return last;

        int index = BinarySearch.FindLastNotAbove(_starts, address);
        if (index >= 0)
            _last = index;

        return index;
    }
}
