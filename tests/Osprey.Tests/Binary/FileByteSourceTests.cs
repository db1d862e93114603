using Osprey.Binary;

namespace Osprey.Tests.Binary;

public sealed class FileByteSourceTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    /// <summary>Small files are read, larger ones mapped.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(16 << 10)]
    [InlineData((16 << 10) + 1)]
    [InlineData(100_000)]
    public void OpenFile_Slices_AreTheFilesBytes(int length)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];
        File.WriteAllBytes(_path, data);
        using ByteSource source = ByteSource.OpenFile(_path);

        Assert.Equal(_path, source.Name);
        Assert.Equal(length, source.Length);
        Assert.Equal(data, source.Slice(0, length).ToArray());
        Assert.Equal([10, 11, 12], source.Slice(10, 3).ToArray());
        Assert.Equal([11, 12], source.Slice(10, 3)[1..].ToArray());
        Assert.Equal(data[^20..], source.GetMapped(length - 20, 100).ToArray());
        byte[] buffer = new byte[4];
        Assert.Equal(2, source.Read(length - 2, buffer));
        Assert.Equal([.. data[^2..], 0, 0], buffer);
        Assert.Equal(0, source.Read(length, buffer));
        Assert.Equal(0, source.Read(-1, buffer));
        Assert.Throws<BadDataException>(() => source.Slice(length - 1, 2));
        Assert.Throws<BadDataException>(() => source.Slice(-1, 1));
    }

    /// <summary>What was read of a small file stays, whatever becomes of the file.</summary>
    [Fact]
    public void OpenFile_SmallAndCutShortMeanwhile_HasWhatWasThere()
    {
        File.WriteAllBytes(_path, [1, 2, 3]);
        using ByteSource source = ByteSource.OpenFile(_path);
        File.WriteAllBytes(_path, []);
        Assert.Equal([1, 2, 3], source.Slice(0, 3).ToArray());
    }

    [Fact]
    public void OpenFile_Empty_HasNothing()
    {
        using ByteSource source = ByteSource.OpenFile(_path);
        Assert.Equal(0, source.Length);
        Assert.Equal(0, source.Slice(0, 0).Length);
        Assert.Equal(0, source.Read(0, new byte[1]));
    }

    [Fact]
    public void Slice_OfMappedFileAfterDispose_ThrowsWhenItIsRead()
    {
        File.WriteAllBytes(_path, new byte[100_000]);
        ByteSource source = ByteSource.OpenFile(_path);
        ReadOnlyMemory<byte> slice = source.Slice(0, 3);
        source.Dispose();
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => slice.Span[0]);
    }

    [Fact]
    public void OpenFile_Missing_IsAnIoError() =>
        Assert.ThrowsAny<IOException>(() => ByteSource.OpenFile(_path + ".none"));
}
