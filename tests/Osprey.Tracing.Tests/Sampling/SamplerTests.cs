using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Osprey.Tracing.Dumps;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Sampling;

/// <summary>The sampler of this process.</summary>
public sealed unsafe partial class SamplerTests
{
    private const int Frequency = 2000;
    private const int ThreadCpuClock = 3; // CLOCK_THREAD_CPUTIME_ID

    private static bool s_stop;
    private static int s_sink;

    /// <summary>A thread that is there when the sampler starts, and one that comes later.</summary>
    [SamplerFact]
    public void Samples_OfThreadsThatRun_HaveTheirStacksAndNoMoreThanTheirTime()
    {
        TraceRings.Replace(1 << 20, 2, 2);
        s_stop = false;
        long before = 0;
        long after = 0;
        Thread first = Begin("spins-first", time => before = time);
        Sampler.Start(Frequency);
        Assert.Equal(Frequency, Sampler.Frequency);
        Thread second = Begin("spins-second", time => after = time);
        long start = Environment.TickCount64;
        while (Tracing.GetTotals().Written < 200 && Environment.TickCount64 - start < 30_000)
            Thread.Sleep(20);
        Volatile.Write(ref s_stop, true);
        first.Join();
        second.Join();
        Sampler.Stop();
        Assert.Equal(0, Sampler.Frequency);

        Dictionary<string, int> counts = [];
        Dictionary<string, int> spinning = [];
        IReadOnlyList<CodeSymbol> symbols = CodeSymbols.ReadAll();
        ulong newest = 0;
        RingCopy
            .Take(TraceRings.Samples)
            .ForEach(record =>
            {
                string name = Encoding.UTF8.GetString(record.Slice(RecordLayout.NameOffset, RecordLayout.NameSize));
                name = name.TrimEnd('\0');
                ulong time = BinaryPrimitives.ReadUInt64LittleEndian(record[RecordLayout.TimeOffset..]);
                Assert.True(time >= newest, "a ring is sorted by time");
                newest = time;
                Assert.Equal(1, record[RecordLayout.FlagsOffset]);
                Assert.InRange(record[RecordLayout.CpuOffset], 0, TraceRings.CpuCount - 1);
                counts[name] = counts.GetValueOrDefault(name) + 1;
                if (IsSpinning(record.Slice(RecordLayout.HeaderSize, RecordLayout.BacktraceSize), symbols))
                    spinning[name] = spinning.GetValueOrDefault(name) + 1;
                return RecordLayout.HeaderSize + RecordLayout.BacktraceSize;
            });

        // The clock of a thread that inherited it has a period for each CPU.
        int most = TraceRings.CpuCount + 1;
        Assert.InRange(counts.GetValueOrDefault("spins-first"), 1, (before / (1_000_000_000 / Frequency)) + most);
        Assert.InRange(counts.GetValueOrDefault("spins-second"), 1, (after / (1_000_000_000 / Frequency)) + most);
        Assert.True(spinning.GetValueOrDefault("spins-first") > counts["spins-first"] / 2);
        Assert.True(spinning.GetValueOrDefault("spins-second") > counts["spins-second"] / 2);
        Assert.DoesNotContain("sampler", counts.Keys);
    }

    [SamplerFact]
    public void Tracepoint_IsOnWhileTheSamplerRuns()
    {
        Sampler.Start(1);
        TracepointInfo tick = Tracing.Tracepoints.Single(info => info.Name == "sampler_tick");
        Assert.Equal((true, true), (tick.IsEnabled, tick.HasBacktrace));
        Sampler.Start(2); // anew
        Assert.Equal(2, Sampler.Frequency);
        Assert.Equal((true, true), (tick.IsEnabled, tick.HasBacktrace));
        Sampler.Stop();
        Sampler.Stop();
        Assert.Equal((false, false), (tick.IsEnabled, tick.HasBacktrace));
        Assert.Equal((0, 0L, false), (Sampler.Frequency, Sampler.Lost, Sampler.CoversSystemCalls));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100_001)]
    public void Start_WithAFrequencyThatIsNone_Throws(int frequency) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.Start(frequency));

    private static Thread Begin(string name, Action<long> ended)
    {
        using var runs = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            runs.Set();
            Spin();
            long* time = stackalloc long[2];
            Assert.Equal(0, ReadClock(ThreadCpuClock, time));
            ended((time[0] * 1_000_000_000) + time[1]);
        })
        {
            Name = name,
        };
        thread.Start();
        runs.Wait();
        return thread;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Spin()
    {
        while (!Volatile.Read(ref s_stop))
            s_sink = Work(s_sink);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Work(int sum)
    {
        for (int i = 0; i < 100_000; i++)
            sum = unchecked((sum * 31) + i);
        return sum;
    }

    /// <summary>Whether the innermost frames are the method that works, and the one that calls it.</summary>
    private static bool IsSpinning(ReadOnlySpan<byte> backtrace, IReadOnlyList<CodeSymbol> symbols) =>
        IsWithin(backtrace, 0, "Work(", symbols) && IsWithin(backtrace, 1, "Spin(", symbols);

    private static bool IsWithin(
        ReadOnlySpan<byte> backtrace,
        int frame,
        string method,
        IReadOnlyList<CodeSymbol> symbols
    )
    {
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(backtrace[(frame * sizeof(ulong))..]);
        return address != 0
            && symbols.Any(symbol =>
                symbol.Address < address
                && address - symbol.Address <= symbol.Size
                && symbol.Name.Contains(method, StringComparison.Ordinal)
            );
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, long* time);
}
