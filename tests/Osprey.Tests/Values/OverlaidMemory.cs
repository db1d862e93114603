using Osprey.Target.Memory;

namespace Osprey.Tests.Values;

/// <summary>A memory over another one: some bytes are replaced, and some ranges cannot be read.</summary>
internal sealed class OverlaidMemory(IMemoryReader inner) : IMemoryReader
{
    private readonly Dictionary<ulong, byte> _bytes = [];
    private readonly List<(ulong Start, ulong End)> _holes = [];

    /// <summary>The number of reads so far.</summary>
    public long Reads { get; private set; }

    public void Set(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
            _bytes[address + (ulong)i] = bytes[i];
    }

    public void Set(ulong address, ulong value) => Set(address, BitConverter.GetBytes(value));

    public void Hide(ulong start, ulong size) => _holes.Add((start, start + size));

    public int Read(ulong address, Span<byte> buffer)
    {
        Reads++;
        int count = inner.Read(address, buffer);
        foreach ((ulong start, ulong end) in _holes)
        {
            ulong length = (ulong)count;
            if (address < end && address + length > start)
                count = address >= start ? 0 : (int)(start - address);
        }

        if (_bytes.Count == 0)
            return count;

        for (int i = 0; i < count; i++)
        {
            if (_bytes.TryGetValue(unchecked(address + (ulong)i), out byte changed))
                buffer[i] = changed;
        }

        return count;
    }
}
