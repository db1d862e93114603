using System.IO.Compression;
using Osprey.Binary;
using Osprey.Binary.Compression;

namespace Osprey.Traces.Formats;

/// <summary>The content of an input that is compressed with gzip or zstd, told by its first bytes.</summary>
/// <remarks>
/// Damaged or cut input ends this stream where the damage is, and <see cref="Damage"/> says so: what was unpacked
/// before
/// it can be used. Nothing is unpacked ahead, so that memory does not depend on the content's size.
/// </remarks>
internal sealed class UnpackedStream : Stream
{
    private const string StrictSwitch = "System.IO.Compression.UseStrictValidation";

    private readonly Stream _content;
    private readonly string _name;
    private readonly string _method;
    private long _position;

    // Without it, the class library takes a gzip file that is cut for one that ends there.
    static UnpackedStream() => AppContext.SetSwitch(StrictSwitch, true);

    private UnpackedStream(Stream content, string name, string method)
    {
        _content = content;
        _name = name;
        _method = method;
    }

    /// <summary>The damage at which the content ended; null when there was none so far.</summary>
    public BadDataException? Damage { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Opens the content of compressed input.</summary>
    /// <param name="name">The input's name, for errors.</param>
    /// <param name="head">The input's first bytes, which were read already.</param>
    /// <param name="input">The rest of it; closed with the result.</param>
    /// <returns>Null when the input is not compressed.</returns>
    /// <exception cref="BadDataException">It is compressed with zstd, and there is no libzstd.</exception>
    public static UnpackedStream? TryOpen(string name, byte[] head, Stream input)
    {
        if (head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]))
            return new(new GZipStream(new PrefixedStream(head, input), CompressionMode.Decompress), name, "gzip");

        if (head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]))
            return new(new ZstdStream(new PrefixedStream(head, input), name), name, "zstd");

        return null;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (Damage is not null || buffer.IsEmpty)
            return 0;

        try
        {
            int count = _content.Read(buffer);
            _position += count;
            return count;
        }
        catch (InvalidDataException)
        {
            Damage = new BadDataException(
                _name,
                _position,
                $"the {_method} data are damaged or cut short here, counted in unpacked bytes"
            );
            return 0;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();

        base.Dispose(disposing);
    }
}
