using System.Diagnostics.Tracing;
using System.Globalization;
using Osprey.TracepointBenchmark;
using Osprey.Tracing;

// What a tracepoint costs, beside an event of an EventSource that a listener gets, and a message of ILogger that a
// provider gets and throws away; all in one run, as nanoseconds of processor time an event, and as a ratio:
//   osprey-tracepoints [THREADS...]
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

Console.WriteLine("threads  loop   off    on  backtrace  EventSource  ILogger   on: of EventSource  bytes allocated");
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
    double events;
    using (var listener = new CountingListener())
    {
        listener.EnableEvents(BenchmarkEvents.Log, EventLevel.Verbose);
        events = Measure(threads, TracepointRuns.Event, 200_000);
    }

    double log = Measure(threads, runs.Log, 200_000);
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{threads, 7} {loop, 5:F2} {off, 5:F2} {on, 5:F1} {backtrace, 10:F1} {events, 12:F1} {log, 8:F1} "
                + $"{(events - loop) / (on - loop), 16:F1} x {allocated, 15}"
        )
    );
}

return 0;

// The best of five, in processor time: the machine may be busy with something else.
static double Measure(int threads, Func<int, int> run, int count)
{
    double best = double.MaxValue;
    for (int round = 0; round < 5; round++)
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
