using Microsoft.Win32.SafeHandles;
using Osprey.Binary;

namespace Osprey.Traces.Formats;

/// <summary>A file read by place, without a mapping: memory stays flat however large the file is.</summary>
internal sealed class SeekableFileSource(string name, SafeFileHandle handle, IDisposable? owner) : ByteSource
{
    public override string Name => name;

    public override long Length { get; } = RandomAccess.GetLength(handle);

    public override int Read(long offset, Span<byte> buffer)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            int count = RandomAccess.Read(handle, buffer[done..], offset + done);
            if (count == 0)
                break;

            done += count;
        }

        return done;
    }

    public override ReadOnlyMemory<byte> Slice(long offset, long length)
    {
        RequireRange(offset, length);
        byte[] copy = new byte[length];
        int count = Read(offset, copy);
        return count == copy.Length
            ? copy
            : throw new BadDataException(Name, offset, $"expected {length} bytes, have {count}");
    }

    protected override void Dispose(bool disposing)
    {
        owner?.Dispose();
        base.Dispose(disposing);
    }
}
