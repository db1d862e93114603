using Osprey.Binary;
using Osprey.Git.Objects;
using Osprey.Git.Packs;
using Osprey.Tests.Builders.Git;

namespace Osprey.Tests.Git.Packs;

/// <summary>Tests indexes of both versions, and of several packs.</summary>
public sealed class PackIndexTests
{
    public static TheoryData<string, string> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, string>();
            foreach (string format in new[] { "sha1", "sha256" })
            {
                foreach (string kind in new[] { "1", "2", "2 long", "multi", "multi long" })
                    kinds.Add(format, kind);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Find_NamesOfThePack_TheirOffsets(string format, string kind)
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Find(format)!);
        FindAll(Build(pack, kind), pack, kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Find_OtherNames_Null(string format, string kind)
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Find(format)!);
        byte[] index = Build(pack, kind);
        for (int i = 0; i < 300; i++)
        {
            ObjectId other = pack.Format.ComputeId(GitObjectType.Blob, [(byte)(i & 0xff), (byte)(i >> 8), 9]);
            Assert.Null(Find(index, pack, kind, other));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Find_CutAtEveryByte_OneError(string format, string kind)
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Find(format)!);
        byte[] index = Build(pack, kind);
        // Nothing tells where an index over several packs ends but its own checksum, which is not computed.
        if (kind.StartsWith("multi", StringComparison.Ordinal))
            PackFixture.Truncate(index[..^pack.Format.Size], bytes => FindAll(bytes, pack, kind));
        else
            PackFixture.Truncate(index, bytes => FindAll(bytes, pack, kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Find_Damaged_OneError(string format, string kind)
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Find(format)!);
        int passed = PackFixture.Damage(
            Build(pack, kind),
            3000,
            bytes =>
            {
                foreach (PackedEntry entry in pack.Entries)
                    Find(bytes, pack, kind, entry.Id);
            }
        );
        Assert.InRange(passed, 10, 2800);
    }

    [Fact]
    public void Open_Malformed_SaysWhat()
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Sha1);
        byte[] index = Build(pack, "2");
        Assert.Equal("version 3 is neither 1 nor 2", Problem(index, 7, 3));
        Assert.Equal("the fan-out table goes down from 16777216", Problem(index, 8, 1));
        Assert.Equal(
            "the tables of 10 names end at 0x520, the checksums begin at 0x524",
            Assert.Throws<BadDataException>(() => Open([.. index[..^40], 0, 0, 0, 0, .. index[^40..]])).Problem
        );

        string Problem(byte[] whole, int offset, byte value)
        {
            byte[] bytes = [.. whole];
            bytes[offset] = value;
            return Assert.Throws<BadDataException>(() => Open(bytes)).Problem;
        }

        static void Open(byte[] bytes) =>
            new PackIndex(new MemoryByteSource("idx", bytes), ObjectFormat.Sha1).Dispose();
    }

    private static byte[] Build(PackBuilder pack, string kind) =>
        kind.StartsWith("multi", StringComparison.Ordinal)
            ? PackIndexBuilder.BuildMulti(
                pack.Format,
                [("pack-1.idx", [.. pack.Entries.Take(5)]), ("pack-2.idx", [.. pack.Entries.Skip(5)])],
                kind.EndsWith("long", StringComparison.Ordinal)
            )
            : PackIndexBuilder.Build(
                kind[0] - '0',
                pack.Build(),
                pack,
                kind.EndsWith("long", StringComparison.Ordinal)
            );

    private static void FindAll(byte[] index, PackBuilder pack, string kind)
    {
        foreach (PackedEntry entry in pack.Entries)
            Assert.Equal(entry.Offset, Find(index, pack, kind, entry.Id));
    }

    private static long? Find(byte[] bytes, PackBuilder pack, string kind, ObjectId id)
    {
        var source = new MemoryByteSource("index", bytes);
        if (kind.StartsWith("multi", StringComparison.Ordinal))
        {
            using var multi = new MultiPackIndex(source, pack.Format, PackFixture.Limits);
            return multi.Names.Find(id) is { } place ? multi.GetPlace(place).Offset : null;
        }

        using var index = new PackIndex(source, pack.Format);
        return index.Names.Find(id) is { } position ? index.GetOffset(position) : null;
    }
}
