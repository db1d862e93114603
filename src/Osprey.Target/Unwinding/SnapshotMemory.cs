using Osprey.Target.Memory;

namespace Osprey.Target.Unwinding;

/// <summary>
/// Memory with copies of some ranges laid over it: a stack as it was while the guest stood still, over the guest that
/// runs on.
/// </summary>
/// <param name="memory">What lies below.</param>
public sealed class SnapshotMemory(IMemoryReader memory) : IMemoryReader
{
    private readonly List<(ulong Start, ReadOnlyMemory<byte> Bytes)> _ranges = [];

    /// <summary>Lays a copy over the memory; of copies that overlap, the one that was added last counts.</summary>
    /// <param name="address">Where its first byte was.</param>
    /// <param name="bytes">The copy. Cut where addresses end.</param>
    public void Add(ulong address, ReadOnlyMemory<byte> bytes)
    {
        ulong room = ulong.MaxValue - address;
        _ranges.Add((address, (ulong)bytes.Length > room ? bytes[..(int)room] : bytes));
    }

    /// <summary>Copies a range of the memory and lays it over.</summary>
    /// <returns>The bytes that could be read.</returns>
    public int Capture(ulong address, int size)
    {
        byte[] bytes = new byte[size];
        int count = memory.Read(address, bytes);
        Add(address, bytes.AsMemory(0, count));
        return count;
    }

    /// <summary>Drops all copies.</summary>
    public void Clear() => _ranges.Clear();

    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            if (address > ulong.MaxValue - (ulong)total)
                break;

            ulong from = address + (ulong)total;
            Span<byte> rest = buffer[total..];
            int wanted = Math.Min(rest.Length, FindRange(from, out ReadOnlySpan<byte> copy));
            int count = wanted;
            if (copy.IsEmpty)
                count = memory.Read(from, rest[..wanted]);
            else
                copy[..wanted].CopyTo(rest);

            total += count;
            if (count < wanted)
                break;
        }

        return total;
    }

    /// <summary>
    /// Counts the bytes from an address on that come from the same place: a copy, or the memory below.
    /// </summary>
    private int FindRange(ulong address, out ReadOnlySpan<byte> copy)
    {
        copy = default;
        ulong length = int.MaxValue;
        for (int i = _ranges.Count - 1; i >= 0; i--)
        {
            (ulong start, ReadOnlyMemory<byte> bytes) = _ranges[i];
            if (address >= start && address - start < (ulong)bytes.Length)
            {
                copy = bytes.Span[(int)(address - start)..];
                return (int)Math.Min(length, (ulong)copy.Length);
            }

            // A copy that starts behind the address ends what comes from a lower one.
            if (start > address && !bytes.IsEmpty)
                length = Math.Min(length, start - address);
        }

        return (int)length;
    }
}
