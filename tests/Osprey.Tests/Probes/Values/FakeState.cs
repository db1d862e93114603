using Osprey.Probes.Values;

namespace Osprey.Tests.Probes.Values;

/// <summary>A thread of which only what a test says is known.</summary>
internal sealed class FakeState(ulong start, byte[] memory) : IProbeState
{
    public Dictionary<int, ulong> Registers { get; } = [];

    public bool TryGetRegister(int number, out ulong value) => Registers.TryGetValue(number, out value);

    public bool TryGetVector(int number, Span<byte> bytes)
    {
        bytes.Clear();
        BitConverter.TryWriteBytes(bytes, 2.5);
        return number == 17;
    }

    public bool TryGetSegment(string name, out ulong value)
    {
        value = start;
        return name == "fs";
    }

    public int ReadMemory(ulong address, Span<byte> buffer)
    {
        if (address < start || address - start >= (ulong)memory.Length)
            return 0;

        int offset = (int)(address - start);
        int count = Math.Min(buffer.Length, memory.Length - offset);
        memory.AsSpan(offset, count).CopyTo(buffer);
        return count;
    }
}
