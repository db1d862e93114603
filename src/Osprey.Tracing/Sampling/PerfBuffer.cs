using System.Buffers.Binary;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Sampling;

/// <summary>The buffer that the kernel puts the samples of one CPU into.</summary>
/// <remarks>
/// The layout is that of linux/perf_event.h: a page with the positions of writer and reader, then the records, a
/// header of 8 bytes before each. It is mapped to be written as well, so that the kernel overwrites nothing that was
/// not read, and says how much it left out instead.
/// </remarks>
internal sealed unsafe class PerfBuffer : IDisposable
{
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;
    private const int HeaderSize = 8;
    private const uint LostRecord = 2; // PERF_RECORD_LOST
    private const uint ThrottleRecord = 5; // PERF_RECORD_THROTTLE
    private const uint SampleRecord = 9; // PERF_RECORD_SAMPLE
    private const int ThreadOffset = HeaderSize + 4;
    private const int TimeOffset = HeaderSize + 8;
    private const int CpuOffset = HeaderSize + 16;
    private const int CountOffset = HeaderSize + 24;
    private const int FramesOffset = HeaderSize + 32;

    /// <summary>From this value on, an address is a word about those behind it (PERF_CONTEXT_MAX).</summary>
    private const ulong FirstContext = unchecked((ulong)-4095);

    private readonly byte* _map;
    private readonly nuint _mapSize;
    private readonly byte[] _record = new byte[ushort.MaxValue + 1];

    private PerfBuffer(int file, byte* map, nuint mapSize)
    {
        File = file;
        _map = map;
        _mapSize = mapSize;
    }

    /// <summary>The event that the buffer belongs to.</summary>
    public int File { get; }

    /// <summary>Maps the buffer of an event: as much as the kernel allows this user to lock.</summary>
    /// <returns>Null when it allows none.</returns>
    public static PerfBuffer? Map(int file)
    {
        int page = Environment.SystemPageSize;
        for (int pages = Math.Max(1, (256 << 10) / page); pages >= 1; pages /= 2)
        {
            nuint size = (nuint)((pages + 1) * page);
            nint map = Libc.Map(0, size, Libc.ProtectionRead | Libc.ProtectionWrite, Libc.MapShared, file, 0);
            if (map != -1)
                return new PerfBuffer(file, (byte*)map, size);
        }

        return null;
    }

    /// <summary>Takes what the kernel has written.</summary>
    /// <param name="samples">Gets the samples, which are sorted by time.</param>
    /// <returns>The number of samples that the kernel left out.</returns>
    public long Drain(List<StackSample> samples)
    {
        long lost = 0;
        ulong head = Volatile.Read(ref *(ulong*)(_map + HeadOffset));
        ulong tail = *(ulong*)(_map + TailOffset);
        while (head - tail >= HeaderSize)
        {
            Copy(tail, _record.AsSpan(0, HeaderSize));
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(_record);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(_record.AsSpan(6));
            if (size < HeaderSize || (ulong)size > head - tail)
            {
                tail = head; // never seen; what can't be told apart is not guessed
                break;
            }

            Copy(tail, _record.AsSpan(0, size));
            tail += (ulong)size;
            ReadOnlySpan<byte> record = _record.AsSpan(0, size);
            if (type == SampleRecord && size >= FramesOffset)
                samples.Add(Read(record));
            else if (type == LostRecord && size >= HeaderSize + 16)
                lost += BinaryPrimitives.ReadInt64LittleEndian(record[(HeaderSize + 8)..]);
            else if (type == ThrottleRecord)
                lost++; // at least
        }

        Volatile.Write(ref *(ulong*)(_map + TailOffset), tail);
        return lost;
    }

    public void Dispose() => _ = Libc.Unmap((nint)_map, _mapSize);

    private static StackSample Read(ReadOnlySpan<byte> record)
    {
        var sample = new StackSample
        {
            Thread = BinaryPrimitives.ReadInt32LittleEndian(record[ThreadOffset..]),
            Time = BinaryPrimitives.ReadUInt64LittleEndian(record[TimeOffset..]),
            Cpu = BinaryPrimitives.ReadInt32LittleEndian(record[CpuOffset..]),
        };
        ulong stated = BinaryPrimitives.ReadUInt64LittleEndian(record[CountOffset..]);
        ReadOnlySpan<byte> frames = record[FramesOffset..];
        int there = (int)Math.Min(stated, (ulong)(frames.Length / sizeof(ulong)));
        int count = 0;
        for (int i = 0; i < there && count < RecordLayout.BacktraceLength; i++)
        {
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(frames[(i * sizeof(ulong))..]);
            if (address >= FirstContext)
                continue;

            // The first one is the instruction itself. Readers take all for return addresses and subtract 1.
            sample.Addresses[count] = count == 0 ? address + 1 : address;
            count++;
        }

        return sample;
    }

    private void Copy(ulong position, Span<byte> into)
    {
        int page = Environment.SystemPageSize;
        ulong size = _mapSize - (ulong)page;
        var data = new ReadOnlySpan<byte>(_map + page, (int)size);
        int at = (int)(position & (size - 1));
        int first = Math.Min(into.Length, data.Length - at);
        data.Slice(at, first).CopyTo(into);
        data[..(into.Length - first)].CopyTo(into[first..]);
    }
}
