namespace Osprey.Traces.Model;

/// <summary>The fields of a sample that a <see cref="TraceReader"/> hands to a <see cref="SampleBatch"/>.</summary>
/// <remarks>Only <see cref="Tracepoint"/> is required. What it refers to is copied.</remarks>
public readonly ref struct SampleFields
{
    /// <summary>Makes a sample without a thread, time, CPU, backtrace and arguments.</summary>
    public SampleFields() { }

    /// <summary>The tracepoint, one of the trace's <see cref="TracepointTable"/>.</summary>
    public required Tracepoint Tracepoint { get; init; }

    /// <summary>The number that the source knows the thread by; 0 for none.</summary>
    public ulong Thread { get; init; }

    /// <summary>The thread's name in UTF-8. A name of more than 16 bytes is cut behind a whole character.</summary>
    public ReadOnlySpan<byte> ThreadName { get; init; }

    /// <summary>Nanoseconds on the source's clock; 0 for none.</summary>
    public ulong Time { get; init; }

    /// <summary>Number of the CPU; 0xffffffff for none.</summary>
    public uint Cpu { get; init; } = uint.MaxValue;

    /// <summary>The return addresses, innermost first; zeros are left out.</summary>
    public ReadOnlySpan<ulong> Backtrace { get; init; }

    /// <summary>The arguments, laid out as the tracepoint's layout says; see <see cref="PayloadBuilder"/>.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }
}
