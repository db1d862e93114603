using System.Buffers.Binary;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Tests.Builders.Traces;

/// <summary>A ring as OSv's kernel has it, in memory of its own, and the kernel that writes to it.</summary>
internal sealed class SimulatedRing
{
    public const int PageSize = 4096;
    private const ulong HeaderAddress = 0x1000;
    private const ulong Base = 0x100000;
    private const int HeaderSize = 32;
    private const int LastOffset = 16;

    private readonly byte[] _ring;
    private readonly byte[] _header = new byte[HeaderSize];
    private int _unfinished = -1;
    private ulong _unfinishedKey;

    public SimulatedRing(int size, int cpu = 0)
    {
        _ring = new byte[size];
        BinaryPrimitives.WriteUInt64LittleEndian(_header.AsSpan(8), Base);
        BinaryPrimitives.WriteUInt64LittleEndian(_header.AsSpan(24), (ulong)size);
        Place = new RingPlace(cpu, HeaderAddress, HeaderSize, LastOffset, Base, (ulong)size);
        Tracepoints.Add(0x4000, "number"u8, "Q"u8, "%lu"u8);
        Tracepoints.Add(0x5000, "blob"u8, "Q*"u8, "%lu %s"u8);
    }

    public RingPlace Place { get; }

    public TracepointTable Tracepoints { get; } = new();

    public byte[] Bytes => _ring;

    /// <summary>Called before each read of the ring's bytes or of its header: what the kernel does meanwhile.</summary>
    public Action? BeforeRead { get; set; }

    public ulong Last
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(_header.AsSpan(LastOffset));
        set => BinaryPrimitives.WriteUInt64LittleEndian(_header.AsSpan(LastOffset), value);
    }

    /// <summary>The number of the next sample.</summary>
    public ulong Next { get; set; }

    /// <summary>Where each sample begins, by number.</summary>
    public List<ulong> Places { get; } = [];

    public RingReader CreateReader(int maxRead = 1 << 20) =>
        new(Read, Place, Tracepoints, RingLayout.Osv) { MaxRead = maxRead };

    public int Read(ulong address, Span<byte> buffer)
    {
        BeforeRead?.Invoke();
        (byte[] bytes, ulong start) = address < Base ? (_header, HeaderAddress) : (_ring, Base);
        ulong offset = unchecked(address - start);
        if (offset >= (ulong)bytes.Length)
            return 0;

        int count = (int)Math.Min((ulong)buffer.Length, (ulong)bytes.Length - offset);
        bytes.AsSpan((int)offset, count).CopyTo(buffer);
        return count;
    }

    /// <summary>Writes a sample with the next number; one with a blob when its size is given.</summary>
    public void Write(int blob = -1, ulong key = 0)
    {
        Begin(blob, key);
        Finish();
    }

    /// <summary>Begins a sample, which stays marked as unfinished.</summary>
    public void Begin(int blob = -1, ulong key = 0)
    {
        int size = (48 + 8 + (blob < 0 ? 0 : 2 + blob) + 7) & ~7;
        ulong at = Last;
        ulong end = at + (ulong)size;
        if (at / PageSize != (end - 1) / PageSize)
            end = ((at + PageSize - 1) / PageSize * PageSize) + (ulong)size;

        ulong start = end - (ulong)size;
        Put(start, ulong.MaxValue);
        if (start != at)
            Put(at, 0);

        Last = end;
        Places.Add(start);
        int offset = (int)(start % (ulong)_ring.Length);
        Span<byte> record = _ring.AsSpan(offset, size);
        record[8..].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], 0x7000);
        "thread"u8.CopyTo(record[16..]);
        BinaryPrimitives.WriteUInt64LittleEndian(record[32..], 1000 + Next);
        BinaryPrimitives.WriteUInt32LittleEndian(record[40..], (uint)Place.Cpu);
        BinaryPrimitives.WriteUInt32LittleEndian(record[44..], 0xabcdef00);
        BinaryPrimitives.WriteUInt64LittleEndian(record[48..], Next++);
        if (blob >= 0)
            BinaryPrimitives.WriteUInt16LittleEndian(record[56..], (ushort)blob);

        _unfinished = offset;
        _unfinishedKey =
            key != 0 ? key
            : blob < 0 ? 0x4000UL
            : 0x5000;
    }

    public void Finish() => BinaryPrimitives.WriteUInt64LittleEndian(_ring.AsSpan(_unfinished), _unfinishedKey);

    /// <summary>The numbers of a piece's samples.</summary>
    public static List<ulong> NumbersOf(RingPiece piece, TracepointTable tracepoints)
    {
        var merge = new RingMerge(tracepoints, RingLayout.Osv);
        merge.Add(piece);
        merge.Finish();
        var batch = new SampleBatch();
        var numbers = new List<ulong>();
        while (merge.Read(batch))
        {
            for (int i = 0; i < batch.Count; i++)
                numbers.Add(BinaryPrimitives.ReadUInt64LittleEndian(batch[i].Payload));
        }

        return numbers;
    }

    private void Put(ulong position, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_ring.AsSpan((int)(position % (ulong)_ring.Length)), value);
}
