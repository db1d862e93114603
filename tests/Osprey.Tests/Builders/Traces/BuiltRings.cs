using System.Buffers.Binary;
using System.Text;
using Osprey.Guests;
using Osprey.Guests.Tracepoints;
using Osprey.Session.Traces.Rings;

namespace Osprey.Tests.Builders.Traces;

/// <summary>The rings of a guest, one for each CPU, with the samples that a test puts into them.</summary>
/// <remarks>A sample may have whole numbers of 8 bytes as arguments. What a ring holds is at most its size.</remarks>
internal sealed class BuiltRings
{
    private const int PageSize = 4096;
    private const int HeaderSize = 32;
    private const int LastOffset = 16;
    private const ulong CpuDistance = 0x100_0000;
    private const ulong FirstHeader = 0x1000;
    private const int RingOffset = 0x1000;

    private readonly byte[][] _memory;
    private readonly int _ringSize;
    private readonly List<GuestTracepoint> _tracepoints = [];

    public BuiltRings(int cpus, int ringSize = 1 << 16)
    {
        _ringSize = ringSize;
        _memory = [.. Enumerable.Range(0, cpus).Select(_ => new byte[RingOffset + ringSize])];
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_memory[cpu].AsSpan(8), HeaderOf(cpu) + RingOffset);
            BinaryPrimitives.WriteUInt64LittleEndian(_memory[cpu].AsSpan(24), (ulong)ringSize);
        }
    }

    /// <summary>Adds a tracepoint that is enabled.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="format">The printf format of its arguments.</param>
    /// <param name="arguments">The number of its arguments.</param>
    public BuiltRings AddTracepoint(string name, string format = "", int arguments = 0)
    {
        ulong address = 0x4000 + (0x100 * (ulong)_tracepoints.Count);
        _tracepoints.Add(
            new GuestTracepoint(name, address, format, new string('Q', arguments), true, false, IsActive: true)
        );
        return this;
    }

    /// <summary>Writes a sample as the kernel does.</summary>
    public BuiltRings Write(
        int cpu,
        ulong time,
        ulong thread,
        string threadName,
        string tracepoint,
        params ulong[] arguments
    )
    {
        int size = 48 + (8 * arguments.Length);
        Span<byte> header = _memory[cpu];
        ulong last = BinaryPrimitives.ReadUInt64LittleEndian(header[LastOffset..]);
        ulong end = last + (ulong)size;
        if (last / PageSize != (end - 1) / PageSize)
            end = ((last + PageSize - 1) / PageSize * PageSize) + (ulong)size;

        ulong start = end - (ulong)size;
        if (start != last)
            PlaceOf(cpu, last)[..8].Clear();

        Span<byte> record = PlaceOf(cpu, start)[..size];
        record.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(record, _tracepoints.Single(item => item.Name == tracepoint).Address);
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], thread);
        Encoding.UTF8.GetBytes(threadName).CopyTo(record[16..]);
        BinaryPrimitives.WriteUInt64LittleEndian(record[32..], time);
        BinaryPrimitives.WriteUInt32LittleEndian(record[40..], (uint)cpu);
        BinaryPrimitives.WriteUInt32LittleEndian(record[44..], 0xabcdef00);
        for (int i = 0; i < arguments.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(record[(48 + (8 * i))..], arguments[i]);

        BinaryPrimitives.WriteUInt64LittleEndian(header[LastOffset..], end);
        return this;
    }

    /// <summary>The rings as a session has them.</summary>
    public GuestRings Open() => new(Find, Read, startsAtNewest: false);

    private static ulong HeaderOf(int cpu) => FirstHeader + (CpuDistance * (ulong)cpu);

    private GuestTraceRings Find() =>
        new(
            new GuestList<GuestTraceRing>(
                [
                    .. Enumerable
                        .Range(0, _memory.Length)
                        .Select(cpu => new GuestTraceRing(
                            cpu,
                            HeaderOf(cpu),
                            HeaderSize,
                            LastOffset,
                            HeaderOf(cpu) + RingOffset,
                            (ulong)_ringSize
                        )),
                ],
                []
            ),
            new GuestList<GuestTracepoint>(_tracepoints, []),
            PageSize,
            10
        );

    private Span<byte> PlaceOf(int cpu, ulong position) =>
        _memory[cpu].AsSpan(RingOffset + (int)(position % (ulong)_ringSize));

    private int Read(ulong address, Span<byte> buffer)
    {
        int cpu = (int)((address - FirstHeader) / CpuDistance);
        int offset = (int)((address - FirstHeader) % CpuDistance);
        int count = Math.Min(buffer.Length, _memory[cpu].Length - offset);
        _memory[cpu].AsSpan(offset, count).CopyTo(buffer);
        return count;
    }
}
