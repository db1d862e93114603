using System.Buffers.Binary;
using System.Globalization;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Rings;

/// <summary>
/// Rings are followed by the reader of guests' rings, as another process would do it: by the mapping's name and the
/// layout that docs/dotnet.md has, through /proc/PID/mem, while eight threads write.
/// </summary>
public sealed class OutsideReaderTests
{
    private const int Threads = 8;
    private const int RecordSize = 64;

    private static readonly Tracepoint<uint, uint, ulong> s_followed = Tracepoint.Define<uint, uint, ulong>(
        "followed",
        "thread=%u number=%u check=%x"
    );

    [Theory]
    [InlineData(4096)]
    [InlineData(16384)]
    [InlineData(1 << 20)]
    public void Rings_FollowedFromOutside_AreReadOrCountedAsLost(int ringSize)
    {
        const uint records = 20_000;
        _ = s_followed.IsActive;
        TraceRings.Replace(ringSize, 2, 2);
        Tracing.Disable();
        Tracing.Enable("followed");
        try
        {
            using var memory = File.OpenHandle($"/proc/{Environment.ProcessId}/mem");
            int Read(ulong address, Span<byte> buffer) => RandomAccess.Read(memory, buffer, (long)address);
            RingReader[] readers = FindRings(Read);
            Assert.Equal(6, readers.Length); // two CPUs', two spare ones, two for records that come late

            long written = 0;
            Thread[] writers =
            [
                .. Enumerable
                    .Range(0, Threads)
                    .Select(thread => new Thread(() =>
                    {
                        for (uint number = 1; number <= records; number++)
                            s_followed.Record((uint)thread, number, unchecked(((ulong)thread << 32) * number));
                        Interlocked.Increment(ref written);
                    })),
            ];
            foreach (Thread writer in writers)
                writer.Start();

            ulong read = 0;
            ulong lost = 0;
            bool done;
            do
            {
                done = Volatile.Read(ref written) == Threads; // before the rings are looked at
                foreach (RingReader reader in readers)
                    Follow(reader, ref read, ref lost);
            } while (!done);
            foreach (Thread writer in writers)
                writer.Join();

            TraceTotals totals = Tracing.GetTotals();
            Assert.Equal(records * Threads, totals.Written + totals.Dropped);
            Assert.Equal((ulong)totals.Written, read + lost);
            Assert.NotEqual(0ul, read);
        }
        finally
        {
            Tracing.Disable();
        }
    }

    private static void Follow(RingReader reader, ref ulong read, ref ulong lost)
    {
        Assert.True(reader.Look());
        bool more;
        do
        {
            var piece = new RingPiece();
            more = reader.Read(piece);
            reader.Finish(piece);
            lost += piece.Loss.Bytes / RecordSize; // exact: pages are a multiple of it
            read += (ulong)piece.Count;
            ReadOnlySpan<byte> bytes = piece.Records;
            for (; bytes.Length >= RecordSize; bytes = bytes[RecordSize..])
            {
                uint thread = BinaryPrimitives.ReadUInt32LittleEndian(bytes[48..]);
                uint number = BinaryPrimitives.ReadUInt32LittleEndian(bytes[52..]);
                ulong check = BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]);
                Assert.True(thread < Threads);
                Assert.Equal(unchecked(((ulong)thread << 32) * number), check);
            }
        } while (more);
        Assert.Equal(0ul, reader.StrangeBytes);
    }

    /// <summary>Finds the rings and the tracepoints by the header.</summary>
    private static RingReader[] FindRings(RingMemory memory)
    {
        string line = File.ReadLines($"/proc/{Environment.ProcessId}/maps")
            .Single(mapping => mapping.Contains("/memfd:osprey-tracing", StringComparison.Ordinal));
        ulong header = ulong.Parse(line.Split('-')[0], NumberStyles.AllowHexSpecifier);
        byte[] bytes = ReadBytes(memory, header, 128);
        Assert.Equal("OSPREYTR"u8, bytes.AsSpan(0, 8));
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)));
        Assert.Equal(header, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16)));
        var layout = new RingLayout(
            BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(32)),
            BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(36))
        );

        var tracepoints = new TracepointTable();
        ulong tracepoint = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(56));
        for (int i = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(64)); i > 0; i--)
        {
            byte[] descriptor = ReadBytes(memory, tracepoint, 64);
            string signature = ReadText(memory, descriptor, 32).Replace("p", "50p", StringComparison.Ordinal);
            tracepoints.Add(
                tracepoint,
                System.Text.Encoding.UTF8.GetBytes(ReadText(memory, descriptor, 16)),
                System.Text.Encoding.UTF8.GetBytes(signature),
                System.Text.Encoding.UTF8.GetBytes(ReadText(memory, descriptor, 24))
            );
            tracepoint = BinaryPrimitives.ReadUInt64LittleEndian(descriptor.AsSpan(40));
        }

        Assert.Equal(0ul, tracepoint);
        ulong rings = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40));
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(48));
        int size = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(52));
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(index =>
                {
                    ulong address = rings + (ulong)(index * size);
                    byte[] ring = ReadBytes(memory, address, size);
                    ulong start = BinaryPrimitives.ReadUInt64LittleEndian(ring.AsSpan(8));
                    ulong length = BinaryPrimitives.ReadUInt64LittleEndian(ring.AsSpan(24));
                    // Base, last and size: what comes before them changes.
                    var place = new RingPlace(index, address + 8, 24, 8, start, length);
                    return new RingReader(memory, place, tracepoints, layout);
                }),
        ];
    }

    private static byte[] ReadBytes(RingMemory memory, ulong address, int size)
    {
        byte[] bytes = new byte[size];
        Assert.Equal(size, memory(address, bytes));
        return bytes;
    }

    private static string ReadText(RingMemory memory, byte[] descriptor, int offset)
    {
        byte[] bytes = new byte[1024];
        int size = memory(BinaryPrimitives.ReadUInt64LittleEndian(descriptor.AsSpan(offset)), bytes);
        return System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, bytes.AsSpan(0, size).IndexOf((byte)0)));
    }
}
