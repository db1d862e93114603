using System.Buffers.Binary;
using Osprey.Probes.Native;

namespace Osprey.Probes.Tracing.Uprobes;

/// <summary>The buffer that the kernel writes one CPU's records to.</summary>
internal sealed unsafe class PerfRing : IDisposable
{
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;
    private const int HeaderSize = 8;

    private readonly byte* _page;
    private readonly byte* _data;
    private readonly int _pageSize;
    private readonly int _size;
    private byte[] _record = new byte[1 << 12];

    private PerfRing(byte* page, int pageSize, int size, int file)
    {
        _page = page;
        _data = page + pageSize;
        _pageSize = pageSize;
        _size = size;
        File = file;
    }

    /// <summary>The event that the buffer belongs to.</summary>
    public int File { get; }

    /// <summary>Maps the buffer of an event.</summary>
    /// <param name="file">The event.</param>
    /// <param name="size">The buffer's size in bytes, a power of two.</param>
    /// <returns>Null when the kernel gives no memory.</returns>
    public static PerfRing? Map(int file, int size)
    {
        int pageSize = Environment.SystemPageSize;
        // PROT_READ | PROT_WRITE, MAP_SHARED
        nint start = Libc.Map(0, (nuint)(size + pageSize), 3, 1, file, 0);
        return start == -1 ? null : new PerfRing((byte*)start, pageSize, size, file);
    }

    /// <summary>Takes all records that are there.</summary>
    /// <param name="take">Takes a record's type and content; the content is valid until it returns.</param>
    public void Read(PerfRecordTaker take)
    {
        ulong head = Volatile.Read(ref *(ulong*)(_page + HeadOffset));
        ulong tail = *(ulong*)(_page + TailOffset);
        Span<byte> header = stackalloc byte[HeaderSize];
        while (head - tail >= HeaderSize && head - tail <= (ulong)_size)
        {
            Copy(tail, header);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
            if (size < HeaderSize || (ulong)size > head - tail)
                break;

            if (_record.Length < size)
                _record = new byte[size * 2];

            Span<byte> record = _record.AsSpan(0, size - HeaderSize);
            Copy(tail + HeaderSize, record);
            tail += (ulong)size;
            take(BinaryPrimitives.ReadUInt32LittleEndian(header), record);
        }

        Volatile.Write(ref *(ulong*)(_page + TailOffset), tail);
    }

    public void Dispose() => _ = Libc.Unmap((nint)_page, (nuint)(_size + _pageSize));

    private void Copy(ulong position, Span<byte> target)
    {
        int start = (int)(position & (ulong)(_size - 1));
        int first = Math.Min(target.Length, _size - start);
        new ReadOnlySpan<byte>(_data + start, first).CopyTo(target);
        new ReadOnlySpan<byte>(_data, target.Length - first).CopyTo(target[first..]);
    }
}
