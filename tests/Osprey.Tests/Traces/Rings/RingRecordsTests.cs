using Osprey.Session.Traces.Rings;
using Osprey.Tests.Builders.Traces;
using Osprey.Traces.Rings;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Tests.Traces.Rings;

/// <summary>Addresses in raw records that a recording brings the names of.</summary>
public class RingRecordsTests
{
    [Fact]
    public void CollectCalls_OfFunctionTracing_FindsTheFunctions()
    {
        BuiltRings guest = new BuiltRings(cpus: 1)
            .AddTracepoint("vfs_close", "%d", 1)
            .AddTracepoint("function entry", "fn %p caller %p", 2)
            .AddTracepoint("function exit", "fn %p caller %p", 2)
            .Write(0, 1, 0x8000, "thread", "vfs_close", 0x1000)
            .Write(0, 2, 0x8000, "thread", "function entry", 0x2000, 0x2222)
            .Write(0, 3, 0x8000, "thread", "function exit", 0x3000, 0x3333);
        GuestRings rings = guest.Open();
        var addresses = new HashSet<ulong>();
        int[] functions = RingRecords.FindFunctions(rings.Tracepoints, OsvTraceSemantics.Instance);
        RingPiece Take(RingPiece piece)
        {
            RingRecords.CollectCalls(piece.Records, rings.Tracepoints, functions, rings.Layout, addresses, 100);
            return piece;
        }

        new RingFollower(rings).ReadRound(Take, isFlush: true);
        Assert.Equal((ulong[])[0x2000, 0x3000], addresses.Order());
    }
}
