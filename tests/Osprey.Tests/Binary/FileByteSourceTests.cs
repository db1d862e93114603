using Osprey.Binary;

namespace Osprey.Tests.Binary;

public sealed class FileByteSourceTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void OpenFile_Slices_AreTheFilesBytes()
    {
        File.WriteAllBytes(_path, [.. Enumerable.Range(0, 200).Select(i => (byte)i)]);
        using ByteSource source = ByteSource.OpenFile(_path);

        Assert.Equal(200, source.Length);
        Assert.Equal([10, 11, 12], source.Slice(10, 3).ToArray());
        Assert.Equal([11, 12], source.Slice(10, 3)[1..].ToArray());
        byte[] buffer = new byte[4];
        Assert.Equal(2, source.Read(198, buffer));
        Assert.Equal([198, 199, 0, 0], buffer);
        Assert.Equal(0, source.Read(200, buffer));
        Assert.Equal(0, source.Read(-1, buffer));
        Assert.Throws<BadDataException>(() => source.Slice(199, 2));
        Assert.Throws<BadDataException>(() => source.Slice(-1, 1));
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
    public void Slice_AfterDispose_ThrowsWhenItIsRead()
    {
        File.WriteAllBytes(_path, [1, 2, 3]);
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
