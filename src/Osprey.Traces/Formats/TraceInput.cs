using Osprey.Binary;

namespace Osprey.Traces.Formats;

/// <summary>The bytes of a trace, read front to back, with a look at the first ones before that.</summary>
public sealed class TraceInput : IDisposable
{
    private readonly Stream _stream;
    private readonly byte[] _head = new byte[64];
    private readonly int _headLength;
    private int _headRead;

    private TraceInput(string name, Stream stream, long? length)
    {
        Name = name;
        Length = length;
        _stream = stream;
        _headLength = _stream.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
    }

    /// <summary>The input's name as the user knows it.</summary>
    public string Name { get; }

    /// <summary>Size in bytes; null for a pipe.</summary>
    public long? Length { get; }

    /// <summary>The first bytes, 64 at most, whatever was read since.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    /// <summary>Opens a file; it is only ever read.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static TraceInput OpenFile(string path)
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
        return new TraceInput(path, stream, stream.CanSeek ? stream.Length : null);
    }

    /// <summary>Reads from a stream, which is closed with the input.</summary>
    public static TraceInput FromStream(string name, Stream stream) => new(name, stream, null);

    /// <summary>Reads until <paramref name="buffer"/> is full or the input ends.</summary>
    /// <returns>The bytes read; fewer than asked for only at the end.</returns>
    public int Read(Span<byte> buffer)
    {
        int fromHead = Math.Min(_headLength - _headRead, buffer.Length);
        _head.AsSpan(_headRead, fromHead).CopyTo(buffer);
        _headRead += fromHead;
        return fromHead + _stream.ReadAtLeast(buffer[fromHead..], buffer.Length - fromHead, throwOnEndOfStream: false);
    }

    /// <summary>
    /// The whole input as bytes that can be read at any place. A pipe is first written to a temporary file.
    /// </summary>
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
        copy.Write(Head);
        _stream.CopyTo(copy);
        copy.Flush();
        return new SeekableFileSource(Name, copy.SafeFileHandle, copy);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
