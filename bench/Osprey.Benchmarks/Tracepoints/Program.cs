using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Osprey.TracepointBenchmark;
using Osprey.Tracing;

// What a tracepoint costs, beside an event of an EventSource that a listener of the process gets, one that an EventPipe
// session of another process gets, one of LTTng, and a message of ILogger that a provider gets and throws away; all in
// one run, as nanoseconds of the process's time an event, and as ratios:
//   bench/tracepoints [THREADS...]
if (args is ["listen", var processId])
    return EventPipeReader.Run(processId);

const int rounds = 5;
int[] threadCounts = args.Length == 0 ? [1, 2, 4, 8] : [.. args.Select(int.Parse)];
var runs = new TracepointRuns();

// Everything is compiled at its last tier first.
for (int i = 0; i < 60; i++)
{
    TracepointRuns.Loop(2_000);
    TracepointRuns.Tracepoint(2_000);
    TracepointRuns.Event(200);
    runs.Log(200);
    Thread.Sleep(i % 20 == 0 ? 300 : 1);
}

Console.WriteLine(
    "threads  loop   off    on  backtrace  LTTng  ILogger  EventListener  EventPipe"
        + "   on: of EventListener  of EventPipe  bytes allocated"
);
foreach (int threads in threadCounts)
{
    double loop = Measure(threads, TracepointRuns.Loop, 20_000_000);
    Tracing.Disable();
    double off = Measure(threads, TracepointRuns.Tracepoint, 20_000_000);
    Tracing.Enable("bench*");
    double on = Measure(threads, TracepointRuns.Tracepoint, 1_000_000);
    long allocated = TracepointRuns.AllocatedBy(TracepointRuns.Tracepoint, 100_000);
    Tracing.Enable("bench*", backtrace: true);
    double backtrace = Measure(threads, TracepointRuns.Tracepoint, 1_000_000);
    Tracing.Disable();
    double? lttng = LttngRun.Measure(threads, 200_000);
    double log = Measure(threads, runs.Log, 200_000);
    double listened = Listen(threads);
    double piped = Pipe(threads);
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{threads, 7} {loop, 5:F2} {off, 5:F2} {on, 5:F1} {backtrace, 10:F1} {lttng, 6:F1} {log, 8:F1} "
                + $"{listened, 14:F1} {piped, 10:F1} {(listened - loop) / (on - loop), 21:F1} x "
                + $"{(piped - loop) / (on - loop), 11:F1} x {allocated, 16}"
        )
    );
}

// What it costs the program's awaits that logical callers are followed.
TracepointRuns.Await(50_000);
(double alone, long aloneBytes) = MeasureAwait();
AsyncCallers.Start();
(double followed, long followedBytes) = MeasureAwait();
AsyncCallers.Stop();
Console.WriteLine(
    string.Create(
        CultureInfo.InvariantCulture,
        $"an async call with two awaits: {alone:F0} ns, {aloneBytes} bytes; with AsyncCallers {followed:F0} ns, "
            + $"{followedBytes} bytes: {followed / alone:F1} x"
    )
);
return 0;

static (double Nanoseconds, long Bytes) MeasureAwait()
{
    const int count = 50_000;
    long before = GC.GetTotalAllocatedBytes();
    double nanoseconds = Measure(1, TracepointRuns.Await, count);
    return (nanoseconds, (GC.GetTotalAllocatedBytes() - before) / count / rounds);
}

static double Listen(int threads)
{
    using var listener = new CountingListener();
    listener.EnableEvents(BenchmarkEvents.Log, EventLevel.Verbose);
    return Measure(threads, TracepointRuns.Event, 200_000);
}

static double Pipe(int threads)
{
    string self = Environment.ProcessPath!;
    string arguments = string.Create(CultureInfo.InvariantCulture, $"listen {Environment.ProcessId}");
    using var reader = Process.Start(
        new ProcessStartInfo(self, arguments) { RedirectStandardOutput = true, UseShellExecute = false }
    )!;
    try
    {
        if (reader.StandardOutput.ReadLine() != "ready" || !BenchmarkEvents.Log.IsEnabled())
            throw new InvalidOperationException("The runtime has begun no EventPipe session.");
        return Measure(threads, TracepointRuns.Event, 200_000);
    }
    finally
    {
        reader.Kill();
        reader.WaitForExit();
        // The session ends with the first bytes that it can't deliver.
        while (BenchmarkEvents.Log.IsEnabled())
        {
            BenchmarkEvents.Log.Hit(0, 0);
            Thread.Sleep(10);
        }
    }
}

// The best of five, in processor time: the machine may be busy with something else.
static double Measure(int threads, Func<int, int> run, int count)
{
    double best = double.MaxValue;
    for (int round = 0; round < rounds; round++)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() => run(count)))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        TimeSpan used = Environment.CpuUsage.TotalTime - before;
        best = Math.Min(best, used.TotalNanoseconds / ((double)count * threads));
    }

    return best;
}
