using System.Text;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;
using Osprey.Traces.Text;

namespace Osprey.Session.Traces.Rings.Calls;

/// <summary>Puts the arguments and results of calls into words, as <c>strace</c> shows them.</summary>
/// <param name="tracepoints">The guest's tracepoints; may grow.</param>
/// <param name="semantics">Tells ends that are failures.</param>
internal sealed class CallTexts(TracepointTable tracepoints, TraceSemantics semantics)
{
    private readonly List<ArgumentFormatter> _formatters = [];
    private readonly Utf8Builder _text = new();

    /// <summary>Gives a sample's arguments through its tracepoint's format.</summary>
    public string FormatArguments(in TraceEvent sample)
    {
        while (_formatters.Count <= sample.Tracepoint)
            _formatters.Add(ArgumentFormatter.LikeC(tracepoints[_formatters.Count]));

        _text.Clear();
        _formatters[sample.Tracepoint].Append(_text, sample.Payload);
        return Encoding.UTF8.GetString(_text.Written);
    }

    /// <summary>Gives what a call ended with; null when its end says nothing.</summary>
    public string? FormatResult(in TraceEvent exit)
    {
        PairEnd end = semantics.EndOf(tracepoints[exit.Tracepoint].Name, isCompat: false);
        return end.HasNoResult ? null
            : end.IsError ? "error " + FormatArguments(exit)
            : exit.Payload.Length > 0 ? FormatArguments(exit)
            : null;
    }
}
