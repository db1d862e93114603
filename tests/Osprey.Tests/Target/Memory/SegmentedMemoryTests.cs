using FsCheck;
using FsCheck.Fluent;
using Osprey.Binary;
using Osprey.Target.Memory;

namespace Osprey.Tests.Target.Memory;

public class SegmentedMemoryTests
{
    [Fact]
    public void Read_OverSegmentsThatTouch_GoesOn()
    {
        SegmentedMemory memory = Make((0x1000, 16), (0x1010, 16), (0x1030, 16));
        byte[] buffer = new byte[64];

        Assert.Equal(24, memory.Read(new PhysicalAddress(0x1008), buffer));
        Assert.Equal(0, memory.Read(new PhysicalAddress(0x1020), buffer));
        Assert.Equal(0, memory.Read(new PhysicalAddress(0xfff), buffer));
        Assert.Equal(16, memory.Read(new PhysicalAddress(0x1030), buffer));
        Assert.Equal(0, memory.Read(new PhysicalAddress(0x1040), buffer));
        Assert.Equal(8, memory.GetMapped(new PhysicalAddress(0x1008), 64).Length);
    }

    [Fact]
    public void Construct_SegmentsThatOverlap_Throws()
    {
        Assert.Throws<ArgumentException>(() => Make((0x1000, 17), (0x1010, 16)));
        Assert.Throws<ArgumentException>(() => Make((ulong.MaxValue - 4, 16)));
    }

    [Fact]
    public void Read_SourceThatEndsEarly_IsShort()
    {
        var segment = new MemorySegment(
            new MemoryBlock(new PhysicalAddress(0), 100, MemoryBlockKind.Ram, ""),
            new MemoryByteSource("short", new byte[40]),
            10
        );
        var next = new MemorySegment(
            new MemoryBlock(new PhysicalAddress(100), 100, MemoryBlockKind.Ram, ""),
            new MemoryByteSource("next", new byte[100]),
            0
        );
        var memory = new SegmentedMemory([segment, next]);

        Assert.Equal(30, memory.Read(default, new byte[200]));
        Assert.Equal(0, memory.Read(new PhysicalAddress(30), new byte[200]));
    }

    [Fact]
    public void Read_Anything_IsWhatANaiveModelSays()
    {
        Gen<(int Gap, int Size)[]> segments = Gen.ArrayOf(
            from gap in Gen.Choose(0, 3)
            from size in Gen.Choose(0, 20)
            select (gap * 5, size)
        );
        Gen<((int Gap, int Size)[] Made, int Address, int Size)> cases =
            from made in segments
            from address in Gen.Choose(0, 200)
            from size in Gen.Choose(0, 100)
            select (made, address, size);
        Prop.ForAll(
                Arb.From(cases),
                given =>
                {
                    byte?[] model = new byte?[20_000];
                    var list = new List<MemorySegment>();
                    int position = 0;
                    foreach ((int gap, int size) in given.Made)
                    {
                        position += gap;
                        byte[] bytes = [.. Enumerable.Range(position, size).Select(i => (byte)((i * 7) & 0xff))];
                        for (int i = 0; i < size; i++)
                            model[position + i] = bytes[i];

                        list.Insert(
                            0,
                            new MemorySegment(
                                new MemoryBlock(
                                    new PhysicalAddress((ulong)position),
                                    (ulong)size,
                                    MemoryBlockKind.Ram,
                                    ""
                                ),
                                new MemoryByteSource("", bytes),
                                0
                            )
                        );
                        position += size;
                    }

                    byte[] buffer = new byte[given.Size];
                    int count = new SegmentedMemory(list).Read(new PhysicalAddress((ulong)given.Address), buffer);
                    byte[] expected =
                    [
                        .. model
                            .Skip(given.Address)
                            .Take(given.Size)
                            .TakeWhile(value => value is not null)
                            .Select(value => value!.Value),
                    ];
                    return expected.AsSpan().SequenceEqual(buffer.AsSpan(0, count));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static SegmentedMemory Make(params (ulong Start, int Size)[] segments) =>
        new(
            segments.Select(segment => new MemorySegment(
                new MemoryBlock(new PhysicalAddress(segment.Start), (ulong)segment.Size, MemoryBlockKind.Ram, ""),
                new MemoryByteSource("", new byte[segment.Size]),
                0
            ))
        );
}
