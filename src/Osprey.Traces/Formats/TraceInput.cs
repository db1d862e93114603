using Osprey.Binary;

namespace Osprey.Traces.Formats;

/// <summary>The bytes of a trace, read front to back, with a look at the first ones before that.</summary>
/// <remarks>Input that is compressed with gzip or zstd, told by its first bytes, is unpacked as it is read.</remarks>
public sealed class TraceInput : IDisposable
{
    private const int HeadSize = 64;

    /// <summary>The largest dump that is unpacked into a temporary file. Dumps have some megabytes.</summary>
    private const long MaxUnpackedCopy = 4L << 30;

    private readonly Stream _stream;
    private readonly byte[] _head;
    private int _headRead;

    private TraceInput(string name, Stream stream, long? length)
    {
        Name = name;
        Length = length;
        _stream = stream;
        try
        {
            _head = ReadHead(_stream);
            if (UnpackedStream.TryOpen(name, _head, stream) is not UnpackedStream content)
                return;

            _stream = content;
            Length = null;
            _head = ReadHead(content);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The input's name as the user knows it.</summary>
    public string Name { get; }

    /// <summary>
    /// Tells whether it is a file that can be opened again: a pipe, whether or not it has a name, gives its bytes once.
    /// </summary>
    public bool IsFile { get; private init; }

    /// <summary>Size in bytes; null for a pipe and for compressed input.</summary>
    public long? Length { get; }

    /// <summary>The first bytes, 64 at most, whatever was read since.</summary>
    public ReadOnlySpan<byte> Head => _head;

    /// <summary>The damage at which compressed input ended; null when there was none so far.</summary>
    public BadDataException? Damage => (_stream as UnpackedStream)?.Damage;

    /// <summary>Opens a file; it is only ever read.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static TraceInput OpenFile(string path) => OpenFile(path, path);

    /// <summary>Opens a file that the user knows by another name.</summary>
    /// <inheritdoc cref="OpenFile(string)"/>
    public static TraceInput OpenFile(string path, string name)
    {
        if (Directory.Exists(path))
            throw new IOException($"{path}: this is a folder; expected a trace file");

        var stream = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.SequentialScan,
            }
        );
        return new TraceInput(name, stream, stream.CanSeek ? stream.Length : null) { IsFile = stream.CanSeek };
    }

    /// <summary>Reads from a stream, which is closed with the input.</summary>
    public static TraceInput FromStream(string name, Stream stream) => new(name, stream, null);

    /// <summary>Reads until <paramref name="buffer"/> is full or the input ends.</summary>
    /// <returns>The bytes read; fewer than asked for only at the end.</returns>
    public int Read(Span<byte> buffer)
    {
        int fromHead = Math.Min(_head.Length - _headRead, buffer.Length);
        _head.AsSpan(_headRead, fromHead).CopyTo(buffer);
        _headRead += fromHead;
        return fromHead + _stream.ReadAtLeast(buffer[fromHead..], buffer.Length - fromHead, throwOnEndOfStream: false);
    }

    /// <summary>
    /// The whole input as bytes that can be read at any place. A pipe, and the content of compressed input, is first
    /// written to a temporary file.
    /// </summary>
    /// <exception cref="BadDataException">Compressed input has more than 4 GiB of content.</exception>
    /// <remarks>The input must not have been read from yet; it stays open as long as the source is used.</remarks>
    public ByteSource ToRandomAccess()
    {
        if (_stream is FileStream { CanSeek: true } file)
            return new SeekableFileSource(Name, file.SafeFileHandle, null);

        var copy = new FileStream(
            Path.GetTempFileName(),
            new FileStreamOptions
            {
                Mode = FileMode.Truncate,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose,
            }
        );
        try
        {
            copy.Write(Head);
            CopyTo(copy);
            copy.Flush();
        }
        catch
        {
            copy.Dispose();
            throw;
        }

        return new SeekableFileSource(Name, copy.SafeFileHandle, copy);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static byte[] ReadHead(Stream stream)
    {
        byte[] head = new byte[HeadSize];
        int size = stream.ReadAtLeast(head, HeadSize, throwOnEndOfStream: false);
        return size == HeadSize ? head : head[..size];
    }

    private void CopyTo(FileStream copy)
    {
        if (_stream is not UnpackedStream)
        {
            _stream.CopyTo(copy);
            return;
        }

        byte[] buffer = new byte[1 << 16];
        while (_stream.Read(buffer) is > 0 and int count)
        {
            if (copy.Position + count > MaxUnpackedCopy)
                throw new BadDataException(Name, copy.Position, "a dump of more than 4 GiB, unpacked: unpack it first");

            copy.Write(buffer, 0, count);
        }
    }
}
