using System.Runtime.CompilerServices;
using Osprey.Tracing;

namespace Osprey.TracepointBenchmark;

/// <summary>Loops that do a nanosecond of work a turn, and trace it in different ways.</summary>
internal sealed partial class TracepointRuns
{
    private static readonly Tracepoint<int, int> s_tracepoint = Tracing.Tracepoint.Define<int, int>("bench", "%d %d");

    private readonly ILogger _logger;

    public TracepointRuns()
    {
        ILoggerFactory factory = LoggerFactory.Create(builder => builder.AddProvider(new NullProvider()));
        _logger = factory.CreateLogger("bench");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Loop(int count)
    {
        int sum = 0;
        for (int i = 0; i < count; i++)
            sum = unchecked(sum + (i ^ sum));
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Tracepoint(int count)
    {
        int sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum = unchecked(sum + (i ^ sum));
            s_tracepoint.Record(i, sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Event(int count)
    {
        int sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum = unchecked(sum + (i ^ sum));
            BenchmarkEvents.Log.Hit(i, sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Log(int count)
    {
        int sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum = unchecked(sum + (i ^ sum));
            LogHit(_logger, i, sum);
        }

        return sum;
    }

    /// <summary>Awaits an async method that waits, in each turn: two awaits.</summary>
    public static int Await(int count)
    {
        RunAsync().GetAwaiter().GetResult();
        return count;

        async Task RunAsync()
        {
            for (int i = 0; i < count; i++)
                await YieldAsync();
        }

        static async Task YieldAsync() => await Task.Yield();
    }

    /// <summary>Counts the bytes that a loop allocates on the managed heap.</summary>
    public static long AllocatedBy(Func<int, int> run, int count)
    {
        run(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        run(count);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Number} {Sum}")]
    private static partial void LogHit(ILogger logger, int number, int sum);
}
