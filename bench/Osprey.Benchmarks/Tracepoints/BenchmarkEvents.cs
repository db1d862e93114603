using System.Diagnostics.Tracing;

namespace Osprey.TracepointBenchmark;

/// <summary>An event source with one event.</summary>
[EventSource(Name = "Osprey-Benchmark")]
internal sealed class BenchmarkEvents : EventSource
{
    public static readonly BenchmarkEvents Log = new();

    [Event(1, Level = EventLevel.Informational)]
    public void Hit(int number, int sum) => WriteEvent(1, number, sum);
}
