using System.Diagnostics.Tracing;

namespace Osprey.TracepointBenchmark;

/// <summary>Gets events and does nothing with them.</summary>
internal sealed class CountingListener : EventListener
{
    protected override void OnEventWritten(EventWrittenEventArgs eventData) { }
}
