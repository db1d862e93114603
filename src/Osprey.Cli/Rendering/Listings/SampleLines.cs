using System.Runtime.CompilerServices;
using Osprey.Cli.Rendering.Text;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes samples as lines of text. For one thread at a time.</summary>
/// <param name="tracepoints">The trace's dictionary.</param>
/// <param name="backtraces">Writes backtraces; null to leave them out.</param>
/// <param name="isCompat">Whether to print as the reference does.</param>
/// <param name="network">Shows packets in words; null to show their bytes.</param>
internal sealed class SampleLines(
    TracepointTable tracepoints,
    BacktraceText? backtraces,
    bool isCompat,
    NetworkArguments? network = null
)
{
    private readonly ArgumentFormatter?[] _formatters = new ArgumentFormatter?[tracepoints.Count];
    private readonly byte[]?[] _names = new byte[]?[tracepoints.Count];
    private readonly Utf8Builder _scratch = new();
    private readonly ThreadColumns[] _threads = [.. Enumerable.Range(0, 64).Select(_ => new ThreadColumns())];

    /// <summary>Samples whose arguments did not fit their format.</summary>
    public long FormatMismatches { get; private set; }

    /// <summary>Writes one sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AppendSample(Utf8Builder text, in TraceEvent sample)
    {
        AppendThread(text, sample, cpuWidth: 2);
        text.Append((byte)' ');
        TimeText.AppendSeconds(text, sample.Time, 19, isCompat);
        AppendName(text, sample.Tracepoint);
        AppendArguments(text, sample);
        backtraces?.Append(text, sample.Backtrace);
        text.Append((byte)'\n');
    }

    /// <summary>Writes the name of a tracepoint in its column, with a blank on either side.</summary>
    public void AppendName(Utf8Builder text, int tracepoint)
    {
        if (_names[tracepoint] is not byte[] name)
        {
            _scratch.Clear();
            _scratch.Append((byte)' ');
            _scratch.AppendLeft(tracepoints[tracepoint].NameBytes.Span, 20);
            _scratch.Append((byte)' ');
            _names[tracepoint] = name = _scratch.Written.ToArray();
        }

        text.Append(name);
    }

    /// <summary>Writes the thread and the CPU of a sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AppendThread(Utf8Builder text, in TraceEvent sample, int cpuWidth)
    {
        // A listing has long runs of few threads: their columns are composed once.
        ReadOnlySpan<byte> key = sample.ThreadIdentity;
        ThreadColumns columns = _threads[unchecked((int)(sample.Thread >> 6)) & (_threads.Length - 1)];
        if (!key.SequenceEqual(columns.Key) || columns.Text.Length == 0)
        {
            key.CopyTo(columns.Key);
            columns.Text.Clear();
            columns.Text.Append("0x"u8);
            columns.Text.AppendHex(sample.Thread, 16);
            columns.Text.Append((byte)' ');
            columns.Text.AppendLeft(sample.ThreadName, 15);
            columns.Text.Append((byte)' ');
        }

        text.Append(columns.Text.Written);
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

        ArgumentFormatter formatter = _formatters[sample.Tracepoint] ??= new ArgumentFormatter(
            tracepoints[sample.Tracepoint],
            isCompat
        );
        if (!formatter.FitsFormat)
            FormatMismatches++;

        formatter.Append(text, sample.Payload);
    }

    /// <summary>The columns of a thread, composed, and the bytes of a sample that they were composed of.</summary>
    private sealed class ThreadColumns
    {
        public byte[] Key { get; } = new byte[24];

        public Utf8Builder Text { get; } = new(64);
    }
}
