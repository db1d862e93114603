using Osprey.Tests.Builders.Traces;
using Osprey.Traces.Rings;

namespace Osprey.Tests.Traces.Rings;

/// <summary>Rings whose memory holds anything: reading ends, and gives whole samples only.</summary>
public sealed class RingFuzzTests
{
    [Fact]
    public void Read_DamagedMemory_EndsWithWholeSamples()
    {
        var random = new Random(31);
        int strange = 0;
        for (int round = 0; round < 500; round++)
        {
            var ring = new SimulatedRing(4 * SimulatedRing.PageSize);
            for (int i = random.Next(400); i >= 0; i--)
                ring.Write(blob: random.Next(80) - 10);

            for (int i = random.Next(20); i >= 0; i--)
                ring.Bytes[random.Next(ring.Bytes.Length)] = (byte)random.Next(256);

            if (round % 10 == 0)
                random.NextBytes(ring.Bytes);

            ring.Last = (round % 7) switch
            {
                0 => (ulong)random.NextInt64(),
                1 => ring.Last + (ulong)random.Next(100),
                2 => ulong.MaxValue - (ulong)random.Next(10_000),
                _ => ring.Last,
            };
            RingReader reader = ring.CreateReader();
            reader.SkipsUnknown = true;
            Read(ring, reader);
            strange += reader.StrangeBytes > 0 ? 1 : 0;
        }

        Assert.InRange(strange, 25, 500);
    }

    [Fact]
    public void Read_MemoryThatChangesAtEachRead_EndsWithWholeSamples()
    {
        var random = new Random(37);
        for (int round = 0; round < 100; round++)
        {
            var ring = new SimulatedRing(4 * SimulatedRing.PageSize);
            for (int i = 0; i < 300; i++)
                ring.Write(blob: random.Next(80) - 10);

            RingReader reader = ring.CreateReader(maxRead: SimulatedRing.PageSize);
            reader.SkipsUnknown = true;
            ring.BeforeRead = () =>
            {
                ring.Bytes[random.Next(ring.Bytes.Length)] = (byte)random.Next(256);
                ring.Last = random.Next(4) == 0 ? (ulong)random.NextInt64(1 << 20) : ring.Last + 8;
            };
            for (int look = 0; look < 20; look++)
            {
                if (reader.Look())
                    Read(ring, reader);
            }
        }
    }

    private static void Read(SimulatedRing ring, RingReader reader)
    {
        var piece = new RingPiece();
        int turns = 0;
        do
        {
            Assert.InRange(turns++, 0, 1000);
            (int length, ulong position) = (piece.Length, reader.Position);
            bool hasMore = reader.Read(piece);
            if (hasMore && (length != piece.Length || position != reader.Position))
                continue;

            Assert.Equal(piece.Count, SimulatedRing.NumbersOf(piece, ring.Tracepoints).Count);
            piece.Clear();
            if (!hasMore)
                return;
        } while (true);
    }
}
