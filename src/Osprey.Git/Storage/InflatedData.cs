using System.IO.Compression;
using Osprey.Binary;

namespace Osprey.Git.Storage;

/// <summary>Data in the zlib format (RFC 1950) within a source, read front to back.</summary>
internal sealed class InflatedData : IDisposable
{
    /// <summary>A byte of deflate makes 1,032 at most; the header's bits make a few more.</summary>
    private const int MaxRatio = 1032;
    private const int Slack = 64;

    private readonly ByteSource _source;
    private readonly long _start;
    private readonly long _end;
    private readonly ZLibStream _stream;

    /// <param name="source">The file.</param>
    /// <param name="start">Offset of the first compressed byte.</param>
    /// <param name="end">Offset behind the last byte that may belong to the data.</param>
    public InflatedData(ByteSource source, long start, long end)
    {
        _source = source;
        _start = start;
        _end = end;
        _stream = new ZLibStream(new SourceStream(source, start, end), CompressionMode.Decompress);
    }

    /// <summary>Reads all of a source's data, which must have a size.</summary>
    /// <exception cref="BadDataException">The data is malformed, or longer or shorter.</exception>
    public static byte[] ReadAll(ByteSource source, long start, long end, long size, GitLimits limits)
    {
        using var data = new InflatedData(source, start, end);
        return data.ReadToEnd(size, default, limits);
    }

    /// <summary>Reads the rest, which must have a size.</summary>
    /// <param name="size">The rest's size in bytes, as it is declared.</param>
    /// <param name="front">The first bytes of the rest, which were read already.</param>
    /// <param name="limits">The limits.</param>
    public byte[] ReadToEnd(long size, ReadOnlySpan<byte> front, GitLimits limits)
    {
        if (size > limits.MaxObjectSize)
            throw Bad($"{size} bytes are over the limit of {limits.MaxObjectSize}");

        if (size > (MaxRatio * Math.Max(0, _end - _start)) + Slack)
            throw Bad($"{size} bytes are more than {_end - _start} compressed bytes can hold");

        if (front.Length > size)
            throw Bad($"expected {size} bytes, have more");

        byte[] bytes = new byte[size];
        front.CopyTo(bytes);
        int read = front.Length + Read(bytes.AsSpan(front.Length));
        if (read < bytes.Length)
            throw Bad($"expected {size} bytes, have {read}");

        // This read also makes zlib check its checksum.
        Span<byte> next = stackalloc byte[1];
        return Read(next) == 0 ? bytes : throw Bad($"expected {size} bytes, have more");
    }

    /// <summary>Reads bytes until the buffer is full or the data ends.</summary>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="BadDataException">The compressed data is malformed.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            return _stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw Bad("the compressed data is damaged");
        }
    }

    public void Dispose() => _stream.Dispose();

    private BadDataException Bad(string problem) => new(_source.Name, _start, problem);
}
