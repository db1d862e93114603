using System.Buffers.Binary;
using System.Text;
using Osprey.Traces.Analyses;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Traces.Exports;

/// <summary>Gives the name of a sample's thread and its arguments as text.</summary>
internal sealed class SampleTexts(AnalysisScope scope)
{
    private readonly ArgumentFormatter?[] _formatters = new ArgumentFormatter?[scope.Tracepoints.Count];
    private readonly Dictionary<UInt128, string> _names = [];
    private readonly Utf8Builder _text = new();

    /// <summary>
    /// The arguments through the tracepoint's format; those that do not fit it are counted and shown as a list.
    /// </summary>
    public string Arguments(in TraceEvent sample)
    {
        ArgumentFormatter formatter = _formatters[sample.Tracepoint] ??= new ArgumentFormatter(
            scope.Tracepoints[sample.Tracepoint],
            compat: false
        );
        if (!formatter.FitsFormat)
            scope.Stats.Count(LossKind.FormatMismatches);

        _text.Clear();
        formatter.Append(_text, sample.Payload);
        return _text.Length == 0 ? "" : _text.ToString();
    }

    /// <summary>The thread's name.</summary>
    public string ThreadName(in TraceEvent sample)
    {
        UInt128 field = BinaryPrimitives.ReadUInt128LittleEndian(sample.ThreadNameField);
        if (!_names.TryGetValue(field, out string? name))
            _names.Add(field, name = Encoding.UTF8.GetString(sample.ThreadName));

        return name;
    }
}
