using Osprey.Guests.Linux.Containers;
using Osprey.Tests.Builders.Btf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Containers;

/// <summary>Arrays of the kernel, made by hand, whole and damaged.</summary>
public sealed class LinuxXArrayTests
{
    private readonly List<string> _defects = [];

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Find_GivesTheEntryOfAnIndex(bool isNew)
    {
        FakeLinux linux = CreateArray(isNew);
        ulong tag = isNew ? 2UL : 1;
        ulong array = linux.Allocate(16);
        ulong top = linux.Allocate(520);
        ulong below = linux.Allocate(520);
        linux.Write(array + 8, top | tag);
        linux.At(top)[0] = 6;
        linux.Write(top + 8 + (2 * 8), below | tag);
        linux.Write(below + 8 + (3 * 8), 0x1000UL);
        linux.Write(below + 8 + (4 * 8), 0x7UL); // a number
        LinuxXArray arrays = LinuxXArray.TryCreate(linux.ToKernel())!;
        ulong[] indexes = [131, 130, 132, 3, 0, 64 * 64, (64 * 64) + 131, ulong.MaxValue];
        Assert.Equal(
            [0x1000UL, null, null, null, null, null, null, null],
            indexes.Select(index => arrays.Find(array, index))
        );

        linux.Write(array + 8, 0x2000UL);
        Assert.Equal(0x2000UL, LinuxXArray.TryCreate(linux.ToKernel())!.Find(array, 0));
    }

    [Fact]
    public void Find_AnEntryOfSeveralIndexes_IsThatOfEach()
    {
        FakeLinux linux = CreateArray(isNew: true);
        ulong array = linux.Allocate(16);
        ulong top = linux.Allocate(520);
        linux.Write(array + 8, top | 2);
        linux.At(top)[0] = 6;
        linux.Write(top + 8 + (4 * 8), 0x4000UL); // at once for 64 indexes, and for those of the slots behind it
        linux.Write(top + 8 + (5 * 8), (4UL << 2) | 2);
        linux.Write(top + 8 + (6 * 8), (5UL << 2) | 2); // a sibling of a sibling is damage
        LinuxXArray arrays = LinuxXArray.TryCreate(linux.ToKernel())!;
        ulong[] indexes = [255, 256, 319, 320, 383, 384];
        Assert.Equal(
            [null, 0x4000UL, 0x4000UL, 0x4000UL, 0x4000UL, null],
            indexes.Select(index => arrays.Find(array, index))
        );
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
        Assert.Null(LinuxXArray.TryCreate(linux.ToKernel())!.Find(array, 0));
    }

    private (ulong, ulong)[] WalkArray(FakeLinux linux, ulong array) =>
        [.. LinuxXArray.TryCreate(linux.ToKernel())!.Enumerate(array, "things", _defects.Add)];

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
