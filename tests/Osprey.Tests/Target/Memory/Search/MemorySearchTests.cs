using System.Text;
using Osprey.Binary;
using Osprey.Target.Memory;
using Osprey.Target.Memory.Search;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Memory.Search;

public class MemorySearchTests
{
    [Theory]
    [InlineData(true, 4096)]
    [InlineData(false, 4096)]
    [InlineData(true, 64)]
    [InlineData(false, 257)]
    public void Find_Anything_IsWhatANaiveSearchFinds(bool mapped, int chunkSize)
    {
        var random = new Random(chunkSize);
        for (int round = 0; round < 60; round++)
        {
            // Few different bytes, so that there are matches, near ones and overlapping ones.
            byte[] bytes = new byte[random.Next(1, 20_000)];
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = (byte)(random.Next(3) * 0x20);

            byte[] values = new byte[random.Next(1, 9)];
            byte[] masks = new byte[values.Length];
            for (int i = 0; i < values.Length; i++)
                (values[i], masks[i]) = (
                    (byte)(random.Next(3) * 0x20),
                    random.Next(4) == 0 ? (byte)(random.Next(2) * 0x20) : (byte)0xff
                );

            MemoryPattern pattern = MemoryPattern.FromBytes(values, masks);
            var expected = new List<ulong>();
            for (int i = 0; i + values.Length <= bytes.Length; i++)
            {
                int j = 0;
                while (j < values.Length && (bytes[i + j] & masks[j]) == (values[j] & masks[j]))
                    j++;

                if (j == values.Length)
                    expected.Add(0x1234 + (ulong)i);
            }

            int split = random.Next(bytes.Length);
            IPhysicalMemory memory = mapped
                ? new SegmentedMemory([Segment(0x1234, bytes[..split]), Segment(0x1234 + (ulong)split, bytes[split..])])
                : new FakeMemory().Add(0x1234, bytes);
            MemorySearchResult found = MemorySearch.Find(
                memory,
                pattern,
                new MemorySearchOptions { MaxMatches = 100_000 },
                chunkSize,
                default
            );

            Assert.Equal(expected, found.Matches.Select(match => match.Value));
            Assert.Equal((false, 0UL), (found.IsCutShort, found.UnreadableBytes));
        }
    }

    [Fact]
    public void Find_TextAndIntegers_GivesTheirPlaces()
    {
        byte[] bytes = new byte[0x3000];
        "Hello"u8.CopyTo(bytes.AsSpan(0xffd));
        "hELLO"u8.CopyTo(bytes.AsSpan(0x2000));
        Encoding.Unicode.GetBytes("hello").CopyTo(bytes, 0x2101);
        BitConverter.GetBytes(0xffff_8000_1234_5678).CopyTo(bytes, 0x2208);
        BitConverter.GetBytes(0xffff_8000_1234_5678).CopyTo(bytes, 0x2304);
        SegmentedMemory memory = PageTableBuilder.ToMemory(bytes, 0x10_0000);

        Assert.Equal([0x10_0ffdUL], Find(memory, MemoryPattern.FromText("Hello")));
        Assert.Equal([0x10_0ffdUL, 0x10_2000], Find(memory, MemoryPattern.FromText("hello", ignoreCase: true)));
        Assert.Equal([0x10_2101UL], Find(memory, MemoryPattern.FromText("HELLO", utf16: true, ignoreCase: true)));
        Assert.Equal([0x10_2208UL], Find(memory, MemoryPattern.FromInteger(0xffff_8000_1234_5678, 8)));
        Assert.Equal([0x10_2208UL, 0x10_2304], Find(memory, MemoryPattern.FromInteger(0x1234_5678, 4)));
        Assert.Equal(
            [0x10_2208UL, 0x10_2304],
            Find(memory, MemoryPattern.FromInteger(0xffff_8000_1234_5678, 8, aligned: false))
        );
        Assert.True(MemoryPattern.TryParseHex("34 12 ?0 8? ff", out MemoryPattern? pattern));
        Assert.Equal([0x10_220aUL, 0x10_2306], Find(memory, pattern!));
        Assert.Equal([0x10_2306UL], Find(memory, pattern!, new MemorySearchOptions { Start = new(0x10_220b) }));
        Assert.Equal([0x10_220aUL], Find(memory, pattern!, new MemorySearchOptions { Last = new(0x10_220a) }));
        Assert.Equal([], Find(memory, pattern!, new MemorySearchOptions { Last = new(0x10_2209) }));
    }

    [Fact]
    public void Find_MoreThanWanted_StopsInOrder()
    {
        SegmentedMemory memory = PageTableBuilder.ToMemory(new byte[1 << 16]);
        MemorySearchResult found = MemorySearch.Find(
            memory,
            MemoryPattern.FromInteger(0, 8),
            new MemorySearchOptions { MaxMatches = 1000 },
            4096,
            default
        );

        Assert.True(found.IsCutShort);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (ulong)i * 8), found.Matches.Select(match => match.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Find_BytesThatAreMissing_AreCountedAndNeverBridged(bool mapped)
    {
        // The source ends within the block.
        var block = new MemoryBlock(new PhysicalAddress(0), 0x4000, MemoryBlockKind.Ram, "");
        byte[] bytes = new byte[0x1800];
        bytes.AsSpan().Fill(0x61);
        var segmented = new SegmentedMemory([new MemorySegment(block, new MemoryByteSource("", bytes), 0)]);
        IPhysicalMemory memory = mapped ? segmented : new CachedPhysicalMemory(segmented);
        MemorySearchResult found = MemorySearch.Find(
            memory,
            MemoryPattern.FromBytes([0x61, 0x61]),
            new MemorySearchOptions { MaxMatches = 100_000 },
            0x1000,
            default
        );

        Assert.Equal(0x17ff, found.Matches.Count);
        Assert.Equal(0x2800UL, found.UnreadableBytes);
    }

    [Fact]
    public void Find_Cancelled_Throws() =>
        Assert.Throws<OperationCanceledException>(() =>
            MemorySearch.Find(
                PageTableBuilder.ToMemory(new byte[100]),
                MemoryPattern.FromBytes([1]),
                cancellation: new CancellationToken(true)
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("xy")]
    [InlineData("12 3")]
    public void TryParseHex_NotHex_IsFalse(string text) => Assert.False(MemoryPattern.TryParseHex(text, out _));

    private static IEnumerable<ulong> Find(
        IPhysicalMemory memory,
        MemoryPattern pattern,
        MemorySearchOptions? options = null
    ) => MemorySearch.Find(memory, pattern, options).Matches.Select(match => match.Value);

    private static MemorySegment Segment(ulong address, byte[] bytes) =>
        new(
            new MemoryBlock(new PhysicalAddress(address), (ulong)bytes.Length, MemoryBlockKind.Ram, ""),
            new MemoryByteSource("", bytes),
            0
        );
}
