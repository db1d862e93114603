using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Traces.Samples;
using Osprey.Session.Traces.Rings.Calls;
using Osprey.Traces.Model;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes calls as JSON, one object a line, as they come.</summary>
/// <param name="output">Where to.</param>
/// <param name="cells">Computes what samples do not hold themselves.</param>
internal sealed class StraceJson(Output output, SampleCells cells) : ICallSink
{
    private readonly JsonLines _lines = new();

    public void TakeSingle(in TraceEvent sample) =>
        _lines.Append(output.Text, CallRow.Shape, new CallRow(sample, cells, isUnfinished: false));

    public void TakeCall(in TraceEvent entry, in TraceEvent exit, bool isResumed) =>
        _lines.Append(output.Text, CallRow.Shape, new CallRow(entry, exit, cells));

    public void TakeUnfinished(in TraceEvent entry) =>
        _lines.Append(output.Text, CallRow.Shape, new CallRow(entry, cells, isUnfinished: true));
}
