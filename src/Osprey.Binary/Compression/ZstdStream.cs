using System.Runtime.InteropServices;
using Osprey.Binary.Elf.Compression;

namespace Osprey.Binary.Compression;

/// <summary>Decompresses a stream of zstd frames by the system's libzstd: the class library has no zstd.</summary>
/// <remarks>
/// Memory is bounded by libzstd's own limit on a frame's window, 128 MiB. Frames may follow one another, as
/// <c>cat</c> joins them. The stream underneath is closed with this one.
/// </remarks>
public sealed unsafe class ZstdStream : Stream
{
    private const int InputSize = 128 * 1024;

    private readonly Stream _input;
    private readonly byte[] _packed = new byte[InputSize];
    private readonly delegate* unmanaged<IntPtr, Output*, Input*, nuint> _decompress;
    private readonly delegate* unmanaged<nuint, uint> _isError;
    private readonly delegate* unmanaged<IntPtr, nuint> _free;
    private IntPtr _context;
    private int _position;
    private int _size;
    private bool _isInFrame;

    /// <summary>Starts to decompress.</summary>
    /// <param name="input">The compressed bytes.</param>
    /// <param name="name">The input's name, for errors.</param>
    /// <exception cref="BadDataException">There is no libzstd on this machine.</exception>
    public ZstdStream(Stream input, string name)
    {
        _input = input;
        if (
            !ZstdLibrary.TryGetFunction("ZSTD_createDStream", out IntPtr create)
            || !ZstdLibrary.TryGetFunction("ZSTD_decompressStream", out IntPtr decompress)
            || !ZstdLibrary.TryGetFunction("ZSTD_isError", out IntPtr isError)
            || !ZstdLibrary.TryGetFunction("ZSTD_freeDStream", out IntPtr free)
        )
        {
            throw new BadDataException(name, 0, ZstdLibrary.Missing);
        }

        _decompress = (delegate* unmanaged<IntPtr, Output*, Input*, nuint>)decompress;
        _isError = (delegate* unmanaged<nuint, uint>)isError;
        _free = (delegate* unmanaged<IntPtr, nuint>)free;
        _context = ((delegate* unmanaged<IntPtr>)create)();
        if (_context == IntPtr.Zero)
            throw new InsufficientMemoryException("zstd: no memory for the decompressor");
    }

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
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The compressed bytes are damaged, or end within a frame.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_context == IntPtr.Zero, this);
        while (!buffer.IsEmpty)
        {
            // What the decompressor holds back comes out without further input.
            if (_position == _size && !TryFill() && !_isInFrame)
                return 0;

            bool isAtEnd = _position == _size;
            int count = Decompress(buffer);
            if (count > 0)
                return count;

            if (isAtEnd)
                throw new InvalidDataException("the compressed data end too early");
        }

        return 0;
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
        IntPtr context = Interlocked.Exchange(ref _context, IntPtr.Zero);
        if (context != IntPtr.Zero)
            _free(context);

        if (disposing)
            _input.Dispose();

        base.Dispose(disposing);
    }

    private bool TryFill()
    {
        _position = 0;
        _size = _input.Read(_packed);
        return _size > 0;
    }

    private int Decompress(Span<byte> buffer)
    {
        nuint result;
        Output output;
        Input input;
        fixed (byte* to = buffer)
        fixed (byte* from = _packed)
        {
            output = new Output { Bytes = to, Size = (nuint)buffer.Length };
            input = new Input
            {
                Bytes = from,
                Size = (nuint)_size,
                Position = (nuint)_position,
            };
            result = _decompress(_context, &output, &input);
        }

        _position = (int)input.Position;
        if (_isError(result) != 0)
            throw new InvalidDataException("the compressed data are damaged");

        _isInFrame = result != 0; // 0 says that a frame is complete and all of it came out
        return (int)output.Position;
    }

    /// <summary><c>ZSTD_inBuffer</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Input
    {
        public byte* Bytes;
        public nuint Size;
        public nuint Position;
    }

    /// <summary><c>ZSTD_outBuffer</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Output
    {
        public byte* Bytes;
        public nuint Size;
        public nuint Position;
    }
}
