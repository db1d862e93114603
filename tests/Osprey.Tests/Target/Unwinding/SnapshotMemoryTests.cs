using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Tests.Target.Unwinding;

public sealed class SnapshotMemoryTests
{
    [Fact]
    public void Read_RandomCopies_AreThoseOfAModel()
    {
        var random = new Random(3);
        for (int round = 0; round < 500; round++)
        {
            var below = new Bytes(256, 200);
            var memory = new SnapshotMemory(below);
            byte?[] model = new byte?[256];
            for (int i = 0; i < 200; i++)
                model[i] = (byte)i;

            for (int copies = random.Next(4); copies > 0; copies--)
            {
                int start = random.Next(250);
                byte[] bytes = new byte[random.Next(Math.Min(40, 256 - start))];
                random.NextBytes(bytes);
                memory.Add((ulong)start, bytes);
                for (int i = 0; i < bytes.Length; i++)
                    model[start + i] = bytes[i];
            }

            int at = random.Next(256);
            byte[] buffer = new byte[random.Next(64)];
            int count = memory.Read((ulong)at, buffer);

            int expected = 0;
            while (expected < buffer.Length && at + expected < 256 && model[at + expected] is { } value)
                Assert.Equal(value, buffer[expected++]);

            Assert.Equal(expected, count);
        }
    }

    [Fact]
    public void Capture_ThenChanged_KeepsWhatWas()
    {
        var below = new Bytes(16, 12);
        var memory = new SnapshotMemory(below);

        Assert.Equal(4, memory.Capture(8, 8));
        below.Content[9] = 0xff;
        below.Content[7] = 0xee;
        byte[] buffer = new byte[4];

        Assert.Equal((4, "EE08090A"), (memory.Read(7, buffer), Convert.ToHexString(buffer)));
    }

    [Fact]
    public void Add_AtTheEndOfAddresses_IsCut()
    {
        var memory = new SnapshotMemory(new Bytes(0, 0));
        memory.Add(ulong.MaxValue - 2, new byte[] { 1, 2, 3, 4 });

        Assert.Equal(2, memory.Read(ulong.MaxValue - 2, new byte[8]));
    }

    private sealed class Bytes(int size, int readable) : IMemoryReader
    {
        public byte[] Content { get; } = [.. Enumerable.Range(0, size).Select(i => (byte)i)];

        public int Read(ulong address, Span<byte> buffer)
        {
            if (address >= (ulong)readable)
                return 0;

            int count = Math.Min(buffer.Length, readable - (int)address);
            Content.AsSpan((int)address, count).CopyTo(buffer);
            return count;
        }
    }
}
