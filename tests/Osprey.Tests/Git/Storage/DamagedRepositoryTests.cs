using System.Text;
using Osprey.Binary;
using Osprey.Git;
using Osprey.Git.Objects;
using Osprey.Tests.Builders.Git;
using Osprey.Tests.Git.Packs;

namespace Osprey.Tests.Git.Storage;

/// <summary>Tests repositories that are damaged, or lack a part.</summary>
public sealed class DamagedRepositoryTests : IDisposable
{
    private readonly RepositoryBuilder _builder = new();

    public void Dispose() => _builder.Dispose();

    [Theory]
    [InlineData("blob 3\0abcd", "expected 3 bytes, have more")]
    [InlineData("blob 5\0abcd", "expected 5 bytes, have 4")]
    [InlineData("blob 4abcd", "expected a header 'TYPE SIZE' and a NUL")]
    [InlineData("bleb 4\0abcd", "the header's type is none of commit, tree, blob and tag")]
    [InlineData("blob x\0abcd", "the header's size is no number")]
    [InlineData("blob 99999999999999999999\0abcd", "the header's size is no number")]
    [InlineData("blob 2000000000\0abcd", "2000000000 bytes are over the limit of 1073741824")]
    [InlineData("blob 500000000\0abcd", "500000000 bytes are more than * compressed bytes can hold")]
    [InlineData("blob 4\0other", "expected 4 bytes, have more")]
    public void Read_LooseObjectThatIsMalformed_SaysWhat(string content, string problem)
    {
        ObjectId id = ObjectFormat.Sha1.ComputeId(GitObjectType.Blob, "abcd"u8);
        _builder.WriteRaw(id, Encoding.ASCII.GetBytes(content));
        using var repository = GitRepository.Open(_builder.Folder);

        BadDataException exception = Assert.Throws<BadDataException>(() => repository.ReadObject(id));

        Assert.Equal(_builder.PathOf(id), exception.DataSource);
        string[] parts = problem.Split('*');
        Assert.StartsWith(parts[0], exception.Problem);
        Assert.EndsWith(parts[^1], exception.Problem);
    }

    [Fact]
    public void Read_LooseObjectOfAnotherName_IsRefused()
    {
        ObjectId id = ObjectFormat.Sha1.ComputeId(GitObjectType.Blob, "abcd"u8);
        _builder.WriteRaw(id, "blob 4\0abcx"u8.ToArray());
        using var repository = GitRepository.Open(_builder.Folder);
        ObjectId actual = ObjectFormat.Sha1.ComputeId(GitObjectType.Blob, "abcx"u8);
        Assert.Equal(
            $"the object named {id} has the hash {actual}",
            Assert.Throws<BadDataException>(() => repository.ReadObject(id)).Problem
        );
    }

    [Fact]
    public void Read_LooseObjectCutAtEveryByte_OneErrorOrTheObject()
    {
        ObjectId id = _builder.AddBlob("some text, some text, some text\n");
        byte[] whole = File.ReadAllBytes(_builder.PathOf(id));
        int read = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_builder.PathOf(id), whole[..length]);
            using var repository = GitRepository.Open(_builder.Folder);
            try
            {
                Assert.Equal(id, repository.ReadObject(id).Id);
                read++;
            }
            catch (BadDataException exception)
            {
                Assert.Equal(_builder.PathOf(id), exception.DataSource);
            }
        }

        // The last bytes are zlib's own checksum and its mark of the end: the object's hash makes good for them.
        Assert.InRange(read, 0, 6);
    }

    [Fact]
    public void Read_DamagedCopyInAPack_OtherCopyIsTaken()
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Sha1);
        _builder.AddPack("pack-1", pack);
        byte[] bytes = File.ReadAllBytes(_builder.PathOf("objects/pack/pack-1.pack"));
        bytes[pack.Entries[0].Offset + 10] ^= 0xff;
        _builder.WriteFile("objects/pack/pack-1.pack", bytes);
        ObjectId id = pack.Entries[0].Id;
        using (var before = GitRepository.Open(_builder.Folder))
            Assert.Throws<BadDataException>(() => before.ReadObject(id));

        _builder.Add(GitObjectType.Blob, pack.Entries[0].Data);
        using var repository = GitRepository.Open(_builder.Folder);

        Assert.Equal(pack.Entries[0].Data, repository.ReadObject(id).Data.ToArray());
        Assert.EndsWith($"another copy of {id} was read", Assert.Single(repository.Defects));
    }

    [Fact]
    public void Read_DamagedIndex_OtherPacksAreRead()
    {
        PackBuilder first = PackFixture.Create(ObjectFormat.Sha1);
        _builder.AddPack("pack-1", first);
        _builder.WriteFile("objects/pack/pack-2.idx", new byte[100]);
        _builder.WriteFile("objects/pack/multi-pack-index", "MIDY and more bytes");
        using var repository = GitRepository.Open(_builder.Folder);

        Assert.Equal(first.Entries[3].Data, repository.ReadObject(first.Entries[3].Id).Data.ToArray());
        Assert.Null(repository.FindObject(ObjectFormat.Sha1.ComputeId(GitObjectType.Blob, "no"u8)));
        Assert.Equal(
            [
                "multi-pack-index+0x0: expected the magic number MIDX; the index of each pack is read instead",
                "pack-2.idx+0x0: expected 1024 bytes, have 100; this pack is not read",
            ],
            repository.Defects.Select(defect => defect[(defect.LastIndexOf('/') + 1)..]).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Read_PackOfAnotherIndex_IsRefused()
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Sha1);
        _builder.AddPack("pack-1", pack);
        byte[] bytes = File.ReadAllBytes(_builder.PathOf("objects/pack/pack-1.pack"));
        bytes[^1] ^= 1;
        _builder.WriteFile("objects/pack/pack-1.pack", bytes);
        using var repository = GitRepository.Open(_builder.Folder);
        Assert.Contains(
            "that the index is of",
            Assert.Throws<BadDataException>(() => repository.ReadObject(pack.Entries[0].Id)).Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Read_IndexWithoutItsPack_SaysSo()
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Sha1);
        _builder.AddPack("pack-1", pack);
        File.Delete(_builder.PathOf("objects/pack/pack-1.pack"));
        using var repository = GitRepository.Open(_builder.Folder);
        Assert.Equal(
            "there is no such file",
            Assert.Throws<BadDataException>(() => repository.ReadObject(pack.Entries[0].Id)).Problem
        );
    }

    [Fact]
    public void Read_MultiPackIndexAlone_IsEnough()
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Sha1);
        _builder.AddPack("pack-1", pack, version: 0);
        _builder.WriteFile(
            "objects/pack/multi-pack-index",
            PackIndexBuilder.BuildMulti(ObjectFormat.Sha1, [("pack-1.idx", pack.Entries)])
        );
        using var repository = GitRepository.Open(_builder.Folder);

        Assert.Equal(pack.Entries[0].Data, repository.ReadObject(pack.Entries[0].Id).Data.ToArray());
        Assert.Equal("multi-pack index", Assert.Single(repository.Explain(pack.Entries[1].Id)!.Lookups).Kind);
        Assert.Empty(repository.Defects);
    }

    [Fact]
    public void Read_PackThatIsAddedMeanwhile_IsFound()
    {
        PackBuilder pack = PackFixture.Create(ObjectFormat.Sha1);
        using var repository = GitRepository.Open(_builder.Folder);
        Assert.Null(repository.FindObject(pack.Entries[0].Id));
        _builder.AddPack("pack-1", pack);
        Assert.NotNull(repository.FindObject(pack.Entries[0].Id));
    }

    [Fact]
    public void Read_TreesThatAreMalformed_SaysWhat()
    {
        foreach (
            (string content, string problem) in new[]
            {
                ("abc", "an entry without a mode"),
                ("9 a\0", "a mode that is not octal"),
                ("100644 a", "a name without an end"),
                ("100644 \0", "an entry without a name"),
                ("100644 a\0short", "expected a hash of 20 bytes, have 5"),
            }
        )
        {
            ObjectId id = _builder.Add(GitObjectType.Tree, Encoding.ASCII.GetBytes(content));
            using var repository = GitRepository.Open(_builder.Folder);
            Assert.Equal(problem, Assert.Throws<BadDataException>(() => repository.ReadTree(id)).Problem);
        }
    }
}
