using Osprey.Target.Memory;

namespace Osprey.Unwind;

/// <summary>Memory that contains only one stack.</summary>
internal sealed class StackMemory : IMemoryReader
{
    private byte[] _bytes = [];
    private ulong _start;

    public void Use(MadeStack stack)
    {
        _bytes = stack.Bytes;
        _start = stack.Start;
    }

    public int Read(ulong address, Span<byte> buffer)
    {
        if (address < _start || address - _start >= (ulong)_bytes.Length)
            return 0;

        ReadOnlySpan<byte> there = _bytes.AsSpan((int)(address - _start));
        int count = Math.Min(there.Length, buffer.Length);
        there[..count].CopyTo(buffer);
        return count;
    }
}
