namespace Osprey.Tracing.AspNetCore;

/// <summary>A tracepoint's switches at one moment.</summary>
internal readonly record struct TracepointState(string Name, bool Enabled, bool Backtrace)
{
    public static TracepointState Of(TracepointInfo info) => new(info.Name, info.IsEnabled, info.HasBacktrace);
}
