using Osprey.Binary;
using Osprey.Git.Objects;
using Osprey.Git.Packs;
using Osprey.Tests.Builders.Git;

namespace Osprey.Tests.Git.Packs;

/// <summary>Tests the entries of packs, and what is refused of them.</summary>
public sealed class PackTests
{
    public static TheoryData<string> Formats => ["sha1", "sha256"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_EntriesOfAllKinds_MakesTheirObjects(string format)
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Find(format)!);
        ReadAll(pack.Build(), pack);
    }

    [Fact]
    public void ReadChain_OfADelta_EndsWithAWholeObject()
    {
        PackBuilder builder = PackFixture.Create(ObjectFormat.Sha1);
        using Pack pack = PackFixture.Open(builder.Build(), builder);

        List<PackEntry> chain = pack.ReadChain(builder.Entries[5].Offset);

        Assert.Equal(
            [
                PackEntryKind.OffsetDelta,
                PackEntryKind.ReferenceDelta,
                PackEntryKind.OffsetDelta,
                PackEntryKind.ReferenceDelta,
                PackEntryKind.OffsetDelta,
                PackEntryKind.Blob,
            ],
            chain.Select(entry => entry.Kind)
        );
        Assert.Equal(
            chain.Select(entry => builder.Entries.First(made => made.Offset == entry.Offset).Data.Length),
            chain.Select(entry => (int)pack.ReadResultSize(entry))
        );
    }

    [Fact]
    public void Read_Malformed_SaysWhat()
    {
        byte[] data = [1, 2, 3];
        ObjectId id = ObjectFormat.Sha1.ComputeId(GitObjectType.Blob, data);
        byte[] delta = new DeltaBuilder(3, 3).Copy(0, 3).Build();

        Assert.Equal("an entry of kind 5", Problem(pack => pack.Add((PackEntryKind)5, [], data, id, data)));
        Assert.Equal("an entry of kind 0", Problem(pack => pack.Add(0, [], data, id, data)));
        Assert.Equal(
            "expected 4 bytes, have 3",
            Problem(pack => pack.Add(PackEntryKind.Blob, [], data, id, data, size: 4))
        );
        Assert.Equal(
            "expected 2 bytes, have more",
            Problem(pack => pack.Add(PackEntryKind.Blob, [], data, id, data, 2))
        );
        Assert.Equal(
            "60000 bytes are more than 11 compressed bytes can hold",
            Problem(pack => pack.Add(PackEntryKind.Blob, [], data, id, data, size: 60_000))
        );
        Assert.Equal(
            "70000 bytes are over the limit of 65536",
            Problem(pack => pack.Add(PackEntryKind.Blob, [], data, id, data, size: 70_000))
        );
        Assert.Equal("a delta of an entry 100 bytes before 0xc", Problem(pack => pack.AddDelta(100, delta, data)));
        Assert.Equal("a delta of an entry 0 bytes before 0xc", Problem(pack => pack.AddDelta(0, delta, data)));
        Assert.Equal("an entry outside of 0xc to 0x1a", Problem(pack => pack.AddDelta(5, delta, data)));
        Assert.Equal(
            $"a delta of {id}, which is not in this pack",
            Problem(pack => pack.Add(PackEntryKind.ReferenceDelta, NameOf(id), delta, default, data))
        );
        Assert.Equal(
            "a chain of deltas over the limit of 20",
            Problem(pack => pack.Add(PackEntryKind.ReferenceDelta, NameOf(id), delta, id, data)) // a delta of itself
        );
    }

    [Fact]
    public void Read_ChainOfDeltas_IsBounded()
    {
        var pack = new PackBuilder(ObjectFormat.Sha1);
        PackedEntry last = pack.AddWhole(GitObjectType.Blob, [0]);
        for (int i = 0; i < PackFixture.Limits.MaxDeltaDepth + 1; i++)
            last = pack.AddOffsetDelta(last, new DeltaBuilder(1, 1).Insert([(byte)i]).Build(), [(byte)i]);

        byte[] bytes = pack.Build();
        Assert.Equal([19], Read(bytes, pack, pack.Entries[^2]));
        Assert.Equal(
            "a chain of deltas over the limit of 20",
            Assert.Throws<BadDataException>(() => Read(bytes, pack, last)).Problem
        );
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_CutAtEveryByte_OneError(string format)
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Find(format)!);
        PackFixture.Truncate(pack.Build(), bytes => ReadAll(bytes, pack));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_Damaged_OneError(string format)
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Find(format)!);
        int passed = PackFixture.Damage(pack.Build(), 4000, bytes => ReadAll(bytes, pack, isCompared: false));
        Assert.InRange(passed, 10, 3000); // damage of the checksum, which only a comparison with an index finds
    }

    private static string Problem(Action<PackBuilder> add)
    {
        var pack = new PackBuilder(ObjectFormat.Sha1);
        add(pack);
        return Assert.Throws<BadDataException>(() => Read(pack.Build(), pack, pack.Entries[0])).Problem;
    }

    private static byte[] Read(byte[] bytes, PackBuilder builder, PackedEntry entry)
    {
        using Pack pack = PackFixture.Open(bytes, builder);
        return pack.Read(entry.Offset, new ObjectCache(1)).Data;
    }

    private static void ReadAll(byte[] bytes, PackBuilder builder, bool isCompared = true)
    {
        using Pack pack = PackFixture.Open(bytes, builder);
        var cache = new ObjectCache(PackFixture.Limits.MaxCacheSize);
        foreach (PackedEntry entry in builder.Entries.Reverse())
        {
            (GitObjectType type, byte[] data) = pack.Read(entry.Offset, cache);
            if (!isCompared)
                continue;

            Assert.Equal(entry.Id, builder.Format.ComputeId(type, data));
            Assert.Equal(entry.Data, data);
        }
    }

    private static byte[] NameOf(ObjectId id)
    {
        byte[] name = new byte[id.Size];
        id.CopyTo(name);
        return name;
    }
}
