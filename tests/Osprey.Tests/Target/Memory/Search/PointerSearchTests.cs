using System.Buffers.Binary;
using Osprey.Target.Memory.Search;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Memory.Search;

/// <summary>Words that point into a range, compared with a loop over all of them.</summary>
public sealed class PointerSearchTests
{
    [Fact]
    public void Find_InRandomMemory_IsWhatALoopFinds()
    {
        var random = new Random(7);
        byte[] low = new byte[4100];
        byte[] high = new byte[9000];
        foreach (byte[] block in (byte[][])[low, high])
        {
            for (int i = 0; i + 8 <= block.Length; i += 8)
                BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(i), 0x1000 + (ulong)random.Next(64));
        }

        FakeMemory memory = new FakeMemory().Add(0x1004, low).Add(0x10_0000, high);
        (ulong Start, ulong Size)[] skipped = [(0x1800, 0x100), (0x10_1000, 0x800)];
        var expected = new List<ulong>();
        foreach ((ulong start, byte[] block) in ((ulong, byte[])[])[(0x1004, low), (0x10_0000, high)])
        {
            for (ulong at = (start + 7) & ~7UL; at + 8 <= start + (ulong)block.Length; at += 8)
            {
                ulong value = BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan((int)(at - start)));
                bool isSkipped = skipped.Any(range => at >= range.Start && at < range.Start + range.Size);
                if (value is >= 0x1010 and <= 0x1013 && !isSkipped)
                    expected.Add(at);
            }
        }

        MemorySearchResult found = PointerSearch.Find(memory, 0x1010, 0x1013, 10_000, skipped);
        Assert.True(expected.Count > 20);
        Assert.Equal(expected, found.Matches.Select(match => match.Value));
        Assert.False(found.IsCutShort);

        MemorySearchResult few = PointerSearch.Find(memory, 0x1010, 0x1013, 5, skipped);
        Assert.Equal(expected.Take(5), few.Matches.Select(match => match.Value));
        Assert.True(few.IsCutShort);
    }
}
