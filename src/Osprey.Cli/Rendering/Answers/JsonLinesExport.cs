using Osprey.Session.Answers.Traces.Samples;
using Osprey.Traces.Analyses;
using Osprey.Traces.Exports;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Answers;

/// <summary>Writes samples as <c>list --json -b</c> does, to any stream.</summary>
internal sealed class JsonLinesExport(AnalysisScope scope, StackSymbols symbols, Stream output) : TraceExport
{
    private const int FlushSize = 1 << 16;

    private readonly SampleCells _cells = new(scope.Tracepoints, symbols);
    private readonly JsonLines _lines = new();
    private readonly Utf8Builder _text = new(FlushSize * 2);

    public override void Add(in TraceEvent sample)
    {
        if (!scope.Includes(sample))
            return;

        _lines.Append(_text, SampleRow.Shape, _cells.CreateRow(sample));
        Count++;
        if (_text.Length >= FlushSize)
            Flush();
    }

    public override void Finish()
    {
        Flush();
        output.Flush();
    }

    private void Flush()
    {
        output.Write(_text.Written);
        _text.Clear();
    }
}
