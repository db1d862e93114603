using Osprey.Guests.Linux.Containers;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Containers;

public class LinuxMapleTreeTests
{
    private const ulong Leaf = 1;
    private const ulong Range = 2;
    private const ulong Allocation = 3;

    private readonly FakeLinux _linux = new(16 << 10);

    public LinuxMapleTreeTests()
    {
        uint number = _linux.Types.Integer("unsigned long", 8);
        uint index = _linux.Types.Integer("int", 4, 1);
        uint pivots = _linux.Types.Array(number, 15, index);
        uint slots = _linux.Types.Array(number, 16, index);
        uint allocationPivots = _linux.Types.Array(number, 9, index);
        uint allocationSlots = _linux.Types.Array(number, 10, index);
        _linux.Types.Struct("maple_range_64", 256, ("pivot", pivots, 64, 0), ("slot", slots, 64 + (15 * 64), 0));
        _linux.Types.Struct(
            "maple_arange_64",
            256,
            ("pivot", allocationPivots, 64, 0),
            ("slot", allocationSlots, 64 + (9 * 64), 0)
        );
        _linux.Allocate(256 - 64); // nodes are aligned to 256 bytes
    }

    [Fact]
    public void Walk_ATreeOfThreeLevels_GivesAllRangesInOrder()
    {
        ulong first = AddNode(Leaf, (0xfff, 0), (0x1fff, 0x10001), (0, 0x10002));
        ulong second = AddNode(Leaf, (0x5fff, 0x10003), (0x6fff, 0), (0x7fff, 0x10004));
        ulong third = AddNode(
            Leaf,
            [.. Enumerable.Range(0, 16).Select(i => (0x8fffUL + ((ulong)i * 0x1000), 0x20000UL + (ulong)i))]
        );
        ulong inner = AddNode(Range, (0x3fff, first), (0x7fff, second));
        ulong root = AddNode(
            Allocation,
            (0x7fff, inner),
            (0x17fff, third),
            (ulong.MaxValue, AddNode(Leaf, (ulong.MaxValue, 0)))
        );
        (List<string> ranges, string? defect) = Walk(root);
        Assert.Null(defect);
        Assert.Equal(
            [
                "1000-1fff 10001",
                "2000-3fff 10002",
                "4000-5fff 10003",
                "7000-7fff 10004",
                .. Enumerable
                    .Range(0, 16)
                    .Select(i => $"{0x8000 + (i * 0x1000):x}-{0x8fff + (i * 0x1000):x} {0x20000 + i:x}"),
            ],
            ranges
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Walk_ARootThatIsNoNode_GivesNothing(ulong root)
    {
        (List<string> ranges, string? defect) = Walk(root);
        Assert.Empty(ranges);
        Assert.Null(defect);
    }

    [Fact]
    public void Walk_ARootThatIsAnEntry_GivesIt() =>
        Assert.Equal(["0-0 ffffffff81234560"], Walk(0xffff_ffff_8123_4560).Ranges);

    [Fact]
    public void Walk_ARootThatCannotBeRead_SaysSo()
    {
        var defects = new List<string>();
        Assert.Empty(new LinuxMapleTree(_linux.ToKernel()).Enumerate(null, "things", defects.Add));
        Assert.Equal(["things: the tree can't be read"], defects);
    }

    [Fact]
    public void Walk_ANodeThatContainsItself_Ends()
    {
        ulong root = AddNode(Range, (0xfff, 0), (ulong.MaxValue, 0));
        _linux.Write((root & ~0xffUL) + 8 + (15 * 8), root);
        _linux.Write((root & ~0xffUL) + 8 + (16 * 8), root);
        Assert.Equal("things: the tree is torn: it comes back to a node that it had before", Walk(root).Defect);
    }

    [Fact]
    public void Walk_WildPointers_SaysSoAndGivesTheRest()
    {
        ulong good = AddNode(Leaf, (0x8fff, 0x10001), (ulong.MaxValue, 0));
        foreach (
            (ulong bad, string defect) in new[]
            {
                (Encode(0x1000, Leaf), "things: the tree is torn: a node can't be read"),
                (Encode(FakeLinux.Start + (1 << 30), Leaf), "things: the tree is torn: a node can't be read"),
                (Encode(good & ~0xffUL, 9), "things: the tree is torn: a node is none"),
                (0UL, "things: the tree is torn: a node is none"),
            }
        )
        {
            ulong root = AddNode(Range, (0x7fff, bad), (ulong.MaxValue, good));
            (List<string> ranges, string? found) = Walk(root);
            Assert.Equal(defect, found);
            Assert.Equal(["8000-8fff 10001"], ranges);
        }
    }

    [Fact]
    public void Walk_ANodeThatWasReplaced_SaysSo()
    {
        ulong root = AddNode(Leaf, (0xfff, 0x10001), (ulong.MaxValue, 0));
        _linux.Write(root & ~0xffUL, root & ~0xffUL);
        Assert.Equal("things: the tree is torn: a node was replaced", Walk(root).Defect);
    }

    [Fact]
    public void Walk_PivotsOutOfOrder_SaysSo() =>
        Assert.Equal(
            "things: the tree is torn: the ranges of a node are out of order",
            Walk(AddNode(Leaf, (0x1fff, 0x10001), (0xfff, 0x10002), (ulong.MaxValue, 0))).Defect
        );

    private static ulong Encode(ulong node, ulong type) => node | (type << 3) | 2;

    private (List<string> Ranges, string? Defect) Walk(ulong root)
    {
        var defects = new List<string>();
        List<string> ranges =
        [
            .. new LinuxMapleTree(_linux.ToKernel())
                .Enumerate(root, "things", defects.Add)
                .Select(range => $"{range.First:x}-{range.Last:x} {range.Entry:x}"),
        ];
        return (ranges, defects.Count == 0 ? null : Assert.Single(defects.Distinct()));
    }

    private ulong AddNode(ulong type, params (ulong Pivot, ulong Slot)[] slots)
    {
        int pivots = type == Allocation ? 9 : 15;
        ulong node = _linux.Allocate(256);
        for (int i = 0; i < slots.Length; i++)
        {
            if (i < pivots)
                _linux.Write(node + 8 + (ulong)(i * 8), slots[i].Pivot);

            _linux.Write(node + 8 + (ulong)((pivots + i) * 8), slots[i].Slot);
        }

        return Encode(node, type);
    }
}
