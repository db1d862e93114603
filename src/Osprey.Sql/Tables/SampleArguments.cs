using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Sql.Tables;

/// <summary>Puts the arguments of samples into words, through their tracepoints' formats.</summary>
internal sealed class SampleArguments(TracepointTable tracepoints)
{
    private readonly ArgumentFormatter?[] _formatters = new ArgumentFormatter?[tracepoints.Count];
    private readonly Utf8Builder _text = new();

    /// <summary>The words for a sample's arguments; valid until the next call.</summary>
    public ReadOnlySpan<byte> Format(in TraceEvent sample)
    {
        _text.Clear();
        ArgumentFormatter formatter = _formatters[sample.Tracepoint] ??= new ArgumentFormatter(
            tracepoints[sample.Tracepoint],
            compat: false
        );
        formatter.Append(_text, sample.Payload);
        return _text.Written;
    }
}
