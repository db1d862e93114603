using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering;

/// <summary>Writes samples as lines of text (trace-cli sections 3.1 and 3.2). For one thread at a time.</summary>
/// <param name="tracepoints">The trace's dictionary.</param>
/// <param name="backtraces">Writes backtraces; null to leave them out.</param>
/// <param name="isCompat">Whether to print as the reference does.</param>
/// <param name="network">Shows packets in words; null to show their bytes.</param>
internal sealed class SampleLines(TracepointTable tracepoints, BacktraceText? backtraces, bool isCompat, NetworkArguments? network = null)
{
    private readonly ArgumentFormatter?[] _formatters = new ArgumentFormatter?[tracepoints.Count];

    /// <summary>Samples whose arguments did not fit their format.</summary>
    public long FormatMismatches { get; private set; }

    /// <summary>Writes one sample.</summary>
    public void AppendSample(Utf8Builder text, in TraceEvent sample)
    {
        AppendThread(text, sample, cpuWidth: 2);
        text.Append((byte)' ');
        TimeText.AppendSeconds(text, sample.Time, 19, isCompat);
        text.Append((byte)' ');
        text.AppendLeft(tracepoints[sample.Tracepoint].NameBytes.Span, 20);
        text.Append((byte)' ');
        AppendArguments(text, sample);
        backtraces?.Append(text, sample.Backtrace);
        text.Append((byte)'\n');
    }

    /// <summary>Writes the thread and the CPU of a sample.</summary>
    public void AppendThread(Utf8Builder text, in TraceEvent sample, int cpuWidth)
    {
        text.Append("0x"u8);
        text.AppendHex(sample.Thread, 16);
        text.Append((byte)' ');
        text.AppendLeft(sample.ThreadName, 15);
        text.Append((byte)' ');
        if (sample.Cpu == uint.MaxValue && !isCompat)
            text.AppendRight("-"u8, cpuWidth);
        else
            text.AppendDecimal(sample.Cpu, cpuWidth);
    }

    /// <summary>Writes a sample's arguments through its tracepoint's format.</summary>
    public void AppendArguments(Utf8Builder text, in TraceEvent sample)
    {
        if (network?.Describe(sample) is string words)
        {
            text.Append(words);
            return;
        }

        ArgumentFormatter formatter = _formatters[sample.Tracepoint] ??= new ArgumentFormatter(tracepoints[sample.Tracepoint], isCompat);
        if (!formatter.FitsFormat)
            FormatMismatches++;

        formatter.Append(text, sample.Payload);
    }
}
