using System.Buffers.Binary;
using Osprey.Traces;
using Osprey.Traces.Model;
using Osprey.Tracing.Rings;
using Osprey.Tracing.Tests.Rings;

namespace Osprey.Tracing.Tests.Rest;

/// <summary>Eight threads write numbered records while dumps are downloaded, one after the other.</summary>
public sealed class ConcurrentDumpsTests(OpenService open) : IClassFixture<OpenService>
{
    private const int Threads = 8;

    private static readonly Tracepoint<uint, uint, ulong> s_numbered = Tracepoint.Define<uint, uint, ulong>(
        "numbered_dump",
        "thread=%u number=%u check=%x"
    );

    [Theory]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public async Task Dumps_WhileManyThreadsWrite_HaveWholeRecordsInOrder(int ringSize)
    {
        uint records = ConcurrentWritersTests.RecordsOfAThread;
        _ = s_numbered.IsActive;
        TraceRings.Replace(ringSize, 2, 2);
        Tracing.Enable("numbered_dump");
        string path = Path.GetTempFileName();
        try
        {
            Thread[] writers =
            [
                .. Enumerable
                    .Range(0, Threads)
                    .Select(thread => new Thread(() =>
                    {
                        for (uint number = 1; number <= records; number++)
                            s_numbered.Record(
                                (uint)thread,
                                number,
                                ConcurrentWritersTests.CheckOf((uint)thread, number)
                            );
                    })),
            ];
            foreach (Thread writer in writers)
                writer.Start();
            int dumps = 0;
            do
            {
                await DownloadAsync(path);
                dumps++;
            } while (writers.Any(writer => writer.IsAlive));

            long left = await DownloadAsync(path);
            TraceTotals totals = Tracing.GetTotals();
            Assert.Equal((long)records * Threads, totals.Written + totals.Dropped);
            Assert.Equal(totals.Written, left + totals.Overwritten);
            Assert.NotEqual(0, dumps);
        }
        finally
        {
            Tracing.Disable();
            File.Delete(path);
        }
    }

    /// <summary>Downloads a dump, checks each record, and counts them.</summary>
    private async Task<long> DownloadAsync(string path)
    {
        await File.WriteAllBytesAsync(path, await open.Service.Client.GetByteArrayAsync("/trace/buffers"));
        using TraceFile trace = TraceFile.Open(path);
        return Check(trace);
    }

    private static long Check(TraceFile trace)
    {
        long count = 0;
        ulong time = 0;
        foreach (TraceEvent sample in trace)
        {
            uint thread = BinaryPrimitives.ReadUInt32LittleEndian(sample.Payload);
            uint number = BinaryPrimitives.ReadUInt32LittleEndian(sample.Payload[4..]);
            Assert.InRange<uint>(thread, 0, Threads - 1);
            Assert.Equal(
                ConcurrentWritersTests.CheckOf(thread, number),
                BinaryPrimitives.ReadUInt64LittleEndian(sample.Payload[8..])
            );
            Assert.True(sample.Time >= time, "a dump is sorted by time");
            time = sample.Time;
            count++;
        }

        Assert.Null(trace.Stats.Damage);
        Assert.Empty(trace.Stats.Warnings);
        return count;
    }
}
