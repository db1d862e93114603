using Osprey.Guests.Linux;
using Osprey.Guests.Linux.Containers;
using Osprey.Tests.Builders.Btf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Containers;

/// <summary>Trees and arrays of the kernel, made by hand, whole and damaged.</summary>
public sealed class LinuxContainerTests
{
    private const int LeafKind = 1;
    private const int RangeKind = 2;
    private const int AllocationKind = 3;

    private readonly List<string> _defects = [];

    [Fact]
    public void MapleTree_OfTwoLevels_GivesItsEntriesInOrder()
    {
        FakeLinux linux = CreateMaple();
        ulong tree = MakeMapleTree(linux, AllocationKind);
        Assert.Equal([(1UL, 0x1000UL), (5, 0x2000), (100, 0x3000), (101, 0x4000)], Walk(linux, tree));
        Assert.Empty(_defects);
    }

    [Theory]
    [InlineData(AllocationKind, 10)]
    [InlineData(RangeKind, 16)]
    public void MapleTree_WithEitherKindOfNode_IsRead(int kind, int slots)
    {
        FakeLinux linux = CreateMaple();
        Assert.True(slots > 2);
        Assert.Equal(4, Walk(linux, MakeMapleTree(linux, kind)).Length);
    }

    [Fact]
    public void MapleTree_WithOneEntryAndNoNode_GivesIt()
    {
        FakeLinux linux = CreateMaple();
        ulong tree = linux.Allocate(16);
        linux.Write(tree + 8, 0xffff_ffff_8123_4560UL);
        Assert.Equal([(0UL, 0xffff_ffff_8123_4560UL)], Walk(linux, tree));
        linux.Write(tree + 8, 0UL);
        Assert.Empty(Walk(linux, tree));
        Assert.Empty(_defects);
    }

    [Fact]
    public void MapleTree_ThatNamesItself_Ends_AndSaysSo()
    {
        FakeLinux linux = CreateMaple();
        ulong tree = linux.Allocate(16);
        ulong node = AllocateNode(linux);
        ulong pointer = node | (AllocationKind << 3) | 2;
        linux.Write(tree + 8, pointer);
        for (int i = 0; i < 10; i++)
            linux.Write(node + 8 + (9 * 8) + (ulong)(i * 8), pointer);

        for (int i = 0; i < 9; i++)
            linux.Write(node + 8 + (ulong)(i * 8), (ulong)i + 1);

        Assert.Empty(Walk(linux, tree));
        Assert.Equal(["things: the tree is torn or can't be read"], _defects);
    }

    [Fact]
    public void MapleTree_WithANodeElsewhere_SaysSo()
    {
        FakeLinux linux = CreateMaple();
        ulong tree = linux.Allocate(16);
        linux.Write(tree + 8, 0xffff_8000_0000_0000 | (LeafKind << 3) | 2);
        Assert.Empty(Walk(linux, tree));
        Assert.Equal(["things: the tree is torn or can't be read"], _defects);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void XArray_AndRadixTree_GiveTheirEntries(bool isNew)
    {
        FakeLinux linux = CreateArray(isNew);
        ulong tag = isNew ? 2UL : 1;
        ulong array = linux.Allocate(16);
        ulong top = linux.Allocate(520);
        ulong below = linux.Allocate(520);
        linux.Write(array + 8, top | tag);
        linux.At(top)[0] = 6;
        linux.Write(top + 8, below | tag);
        linux.Write(top + 8 + (2 * 8), below | tag);
        linux.Write(below + 8 + (3 * 8), 0x1000UL);
        linux.Write(below + 8 + (4 * 8), 0x7UL); // a number
        Assert.Equal([(3UL, 0x1000UL), (131, 0x1000)], WalkArray(linux, array));
        Assert.Empty(_defects);

        linux.Write(array + 8, 0x2000UL);
        Assert.Equal([(0UL, 0x2000UL)], WalkArray(linux, array));
    }

    [Fact]
    public void XArray_ThatNamesItself_Ends_AndSaysSo()
    {
        FakeLinux linux = CreateArray(isNew: true);
        ulong array = linux.Allocate(16);
        ulong node = linux.Allocate(520);
        linux.Write(array + 8, node | 2);
        linux.Write(node + 8, node | 2);
        Assert.Empty(WalkArray(linux, array));
        Assert.Equal(["things: the array is torn or can't be read"], _defects);
    }

    [Fact]
    public void Tree_GivesItsNodesInOrder_AndEndsInACircle()
    {
        var linux = new FakeLinux(4096);
        ulong[] nodes = [.. Enumerable.Range(0, 5).Select(_ => linux.Allocate(24))];
        Link(linux, nodes[2], nodes[0], nodes[4]);
        Link(linux, nodes[0], 0, nodes[1]);
        Link(linux, nodes[4], nodes[3], 0);
        Assert.Equal(nodes, LinuxTree.Enumerate(linux, nodes[2], "things", 100, _defects.Add));
        Assert.Empty(_defects);

        Link(linux, nodes[3], nodes[2], 0);
        Assert.Equal([nodes[0], nodes[1], nodes[2]], LinuxTree.Enumerate(linux, nodes[2], "things", 100, _defects.Add));
        Assert.Equal(["things: the tree is torn or can't be read"], _defects);
    }

    [Fact]
    public void Ring_GivesItsNodes_AndEndsInACircle()
    {
        var linux = new FakeLinux(4096);
        ulong[] nodes = [.. Enumerable.Range(0, 4).Select(_ => linux.Allocate(16))];
        for (int i = 0; i < 4; i++)
            linux.Write(nodes[i], nodes[(i + 1) % 4]);

        Assert.Equal(nodes[1..], LinuxRing.Enumerate(linux, nodes[0], "things", 100, _defects.Add));
        Assert.Empty(_defects);
        Assert.Equal(nodes[1..3], LinuxRing.Enumerate(linux, nodes[0], "things", 2, _defects.Add));
        linux.Write(nodes[3], nodes[1]);
        Assert.Equal(nodes[1..], LinuxRing.Enumerate(linux, nodes[0], "things", 100, _defects.Add));
        linux.Write(nodes[2], 0x10UL);
        Assert.Equal(nodes[1..3], LinuxRing.Enumerate(linux, nodes[0], "things", 100, _defects.Add));
        Assert.Equal(
            [
                "things: the list has more than 2 elements",
                "things: the list runs in a circle",
                "things: the list leads to what is no list",
            ],
            _defects
        );
    }

    private static void Link(FakeLinux linux, ulong node, ulong left, ulong right)
    {
        linux.Write(node + 8, right);
        linux.Write(node + 16, left);
    }

    private (ulong, ulong)[] Walk(FakeLinux linux, ulong tree) =>
        [.. LinuxMapleTree.TryCreate(linux.ToKernel())!.Enumerate(tree, "things", _defects.Add)];

    private (ulong, ulong)[] WalkArray(FakeLinux linux, ulong array) =>
        [.. LinuxXArray.TryCreate(linux.ToKernel())!.Enumerate(array, "things", _defects.Add)];

    /// <summary>Indexes 1 to 4, 5, 100, and 101 on.</summary>
    private static ulong MakeMapleTree(FakeLinux linux, int topKind)
    {
        ulong tree = linux.Allocate(16);
        ulong top = AllocateNode(linux);
        ulong first = AllocateNode(linux);
        ulong second = AllocateNode(linux);
        int pivots = topKind == AllocationKind ? 9 : 15;
        linux.Write(tree + 8, top | ((ulong)topKind << 3) | 2);
        linux.Write(top + 8, 99UL);
        linux.Write(top + 8 + ((ulong)pivots * 8), first | (LeafKind << 3));
        linux.Write(top + 16 + ((ulong)pivots * 8), second | (LeafKind << 3));
        Fill(linux, first, [0, 4, 5], [0, 0x1000, 0x2000]);
        Fill(linux, second, [100], [0x3000, 0x4000]);
        return tree;
    }

    private static void Fill(FakeLinux linux, ulong leaf, ulong[] pivots, ulong[] slots)
    {
        for (int i = 0; i < pivots.Length; i++)
            linux.Write(leaf + 8 + ((ulong)i * 8), pivots[i]);

        for (int i = 0; i < slots.Length; i++)
            linux.Write(leaf + 8 + (15 * 8) + ((ulong)i * 8), slots[i]);
    }

    private static ulong AllocateNode(FakeLinux linux)
    {
        ulong place = linux.Allocate(512);
        return (place + 255) & ~255UL;
    }

    private static FakeLinux CreateMaple()
    {
        var linux = new FakeLinux(16384);
        BtfBuilder types = linux.Types;
        uint word = types.Integer("unsigned long", 8);
        uint Words(uint count) => types.Array(word, count, word);
        types.Struct("maple_tree", 16, ("ma_flags", word, 0, 0), ("ma_root", word, 64, 0));
        types.Struct("maple_range_64", 256, ("pivot", Words(15), 64, 0), ("slot", Words(16), 64 * 16, 0));
        types.Struct("maple_arange_64", 256, ("pivot", Words(9), 64, 0), ("slot", Words(10), 64 * 10, 0));
        return linux;
    }

    private static FakeLinux CreateArray(bool isNew)
    {
        var linux = new FakeLinux(16384);
        BtfBuilder types = linux.Types;
        uint word = types.Integer("unsigned long", 8);
        uint small = types.Integer("unsigned char", 1);
        uint slots = types.Array(word, 64, word);
        types.Struct(isNew ? "xarray" : "radix_tree_root", 16, (isNew ? "xa_head" : "rnode", word, 64, 0));
        types.Struct(isNew ? "xa_node" : "radix_tree_node", 520, ("shift", small, 0, 0), ("slots", slots, 64, 0));
        return linux;
    }
}
