using System.Buffers;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Osprey.Binary;

/// <summary>
/// A read-only mapping of a file that is not small: bytes are read from disk when they are first used, and slices are
/// not copies.
/// </summary>
/// <remarks>
/// When a file was cut short after it was opened, the operating system kills the process that touches a mapped page
/// behind the file's end; this class cannot prevent that. Using a slice after the source was disposed throws
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
internal sealed unsafe class FileByteSource : ByteSource
{
    /// <summary>
    /// A file up to this size, in bytes, is read, not mapped: making and removing a mapping takes longer.
    /// </summary>
    private const int MaxReadSize = 16 << 10;

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _start;

    private FileByteSource(string path, SafeFileHandle handle, long length)
    {
        Name = path;
        Length = length;
        _file = MemoryMappedFile.CreateFromFile(
            handle,
            null,
            0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: false
        );
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc cref="ByteSource.OpenFile"/>
    /// <exception cref="IOException">The file can't be opened or mapped, or it is a pipe or a socket.</exception>
    public static ByteSource Open(string path)
    {
        FileKinds.RequireFile(path);
        SafeFileHandle handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
        try
        {
            long length = RandomAccess.GetLength(handle);
            if (length > MaxReadSize)
                return new FileByteSource(path, handle, length);

            byte[] data = ReadAll(handle, (int)length);
            handle.Dispose();
            return new MemoryByteSource(path, data);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= Length)
            return 0;

        int count = (int)Math.Min(Length - offset, buffer.Length);
        GetSpan(offset, count).CopyTo(buffer);
        return count;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetMapped(long offset, int maxLength) =>
        offset < 0 || offset >= Length ? default : GetSpan(offset, (int)Math.Min(Length - offset, maxLength));

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Slice(long offset, long length)
    {
        RequireRange(offset, length);
        return length == 0 ? ReadOnlyMemory<byte>.Empty : new MappedRange(this, offset, (int)length).Memory;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _start != null)
        {
            _start = null;
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file!.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] ReadAll(SafeFileHandle handle, int length)
    {
        byte[] data = new byte[length];
        int count = 0;
        while (count < length && RandomAccess.Read(handle, data.AsSpan(count), count) is > 0 and var read)
            count += read;

        return count == length ? data : data[..count]; // it was cut short meanwhile
    }

    private Span<byte> GetSpan(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_start == null, this);
        return new Span<byte>(_start + offset, length);
    }

    private sealed class MappedRange(FileByteSource source, long offset, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => source.GetSpan(offset, length);

        public override MemoryHandle Pin(int elementIndex = 0) =>
            elementIndex < 0 || elementIndex > length
                ? throw new ArgumentOutOfRangeException(nameof(elementIndex))
                : new MemoryHandle(source._start + offset + elementIndex, default, this);

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
