using System.Buffers.Binary;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Rings;

/// <summary>Many threads write numbered records, while others read the rings and print the records.</summary>
public sealed unsafe class ConcurrentWritersTests
{
    private const int Threads = 8;
    private const int RecordSize = 64;
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The records that each thread writes to rings of each size; <c>./check --all</c> has more.</summary>
    internal static uint RecordsOfAThread =>
        uint.TryParse(Environment.GetEnvironmentVariable("OSPREY_TRACING_RECORDS"), out uint count) ? count : 40_000;

    private static readonly Tracepoint<uint, uint, ulong> s_numbered = Tracepoint.Define<uint, uint, ulong>(
        "numbered",
        "thread=%u number=%u check=%x"
    );

    /// <summary>Rings from one record up, with spare rings and without.</summary>
    [Theory]
    [InlineData(64, 1, 0)]
    [InlineData(64, 2, 2)]
    [InlineData(128, 2, 2)]
    [InlineData(4096, 1, 1)]
    [InlineData(4096, 2, 2)]
    [InlineData(65536, 2, 2)]
    [InlineData(1 << 20, 2, 4)]
    public void Records_OfManyThreads_AreWholeInOrderAndAllAccountedFor(int ringSize, int cpus, int spares) =>
        Run(ringSize, cpus, spares, RecordsOfAThread);

    private static void Run(int ringSize, int cpus, int spares, uint records)
    {
        _ = s_numbered.IsActive; // defines it
        TraceRings.Replace(ringSize, cpus, spares);
        TracepointInfo info = Tracing.Tracepoints.Single(tracepoint => tracepoint.Name == "numbered");
        info.Switch(true, false);
        try
        {
            using var done = new ManualResetEventSlim();
            using StraceSession strace = Strace.To(_ => { });
            long copies = 0;
            List<string> problems = [];
            var reader = new Thread(() =>
            {
                while (!done.IsSet)
                {
                    for (int i = 0; i < TraceRings.Count; i++)
                        Check(RingCopy.Take(TraceRings.Get(i)), problems);
                    copies++;
                }
            });
            reader.Start();
            Thread[] writers =
            [
                .. Enumerable
                    .Range(0, Threads)
                    .Select(thread => new Thread(() =>
                    {
                        for (uint number = 1; number <= records; number++)
                            s_numbered.Record((uint)thread, number, CheckOf((uint)thread, number));
                    })),
            ];
            foreach (Thread writer in writers)
                writer.Start();
            foreach (Thread writer in writers)
                writer.Join();
            done.Set();
            reader.Join();
            strace.Dispose();

            long left = 0;
            for (int i = 0; i < TraceRings.Count; i++)
                left += Check(RingCopy.Take(TraceRings.Get(i)), problems);
            TraceTotals totals = Tracing.GetTotals();
            Assert.Empty(problems);
            Assert.NotEqual(0, copies);
            Assert.Equal((long)records * Threads, totals.Written + totals.Dropped);
            Assert.Equal(totals.Written, left + totals.Overwritten);
            Assert.Equal(totals.Written, strace.Printed + strace.Lost);
        }
        finally
        {
            info.Switch(false, false);
        }
    }

    /// <summary>Checks the records of one ring and counts them.</summary>
    private static long Check(RingCopy ring, List<string> problems)
    {
        long count = 0;
        ulong time = 0;
        uint[] newest = new uint[Threads];
        ring.ForEach(record =>
        {
            count++;
            uint thread = BinaryPrimitives.ReadUInt32LittleEndian(record[48..]);
            uint number = BinaryPrimitives.ReadUInt32LittleEndian(record[52..]);
            ulong check = BinaryPrimitives.ReadUInt64LittleEndian(record[56..]);
            ulong now = BinaryPrimitives.ReadUInt64LittleEndian(record[RecordLayout.TimeOffset..]);
            if (thread >= Threads || check != CheckOf(thread, number))
                problems.Add($"torn: {thread} {number} {check:x}");
            else if (number <= newest[thread])
                problems.Add($"out of order: {thread} {number} after {newest[thread]}");
            else
                newest[thread] = number;
            if (now < time)
                problems.Add($"time goes back: {now} after {time}");
            time = now;
            return RecordSize;
        });
        return count;
    }

    internal static ulong CheckOf(uint thread, uint number) => unchecked((((ulong)thread << 32) + number) * Factor);
}
