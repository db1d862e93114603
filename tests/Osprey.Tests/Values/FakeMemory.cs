using Osprey.Target.Memory;

namespace Osprey.Tests.Values;

/// <summary>A memory of one range.</summary>
internal sealed class FakeMemory(ulong start, byte[] bytes) : IMemoryReader
{
    public int Read(ulong address, Span<byte> buffer)
    {
        if (address < start || address - start >= (ulong)bytes.Length)
            return 0;

        int at = (int)(address - start);
        int count = Math.Min(buffer.Length, bytes.Length - at);
        bytes.AsSpan(at, count).CopyTo(buffer);
        return count;
    }
}
