using Osprey.Traces.Analyses;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;

namespace Osprey.Traces.Exports;

/// <summary>Writes samples as a tracefile, whatever they were read from.</summary>
/// <remarks>
/// A tracefile begins with its dictionary: the tracepoints that occur, which are known at the end only. So the samples
/// wait in a stream of the caller's, a temporary file as a rule, and the input is read once.
/// </remarks>
/// <param name="scope">What counts.</param>
/// <param name="output">Gets the tracefile; stays open.</param>
/// <param name="spool">Empty and seekable; holds the samples until the end.</param>
public sealed class TracefileExport(AnalysisScope scope, Stream output, Stream spool) : TraceExport
{
    private readonly bool[] _occurs = new bool[scope.Tracepoints.Count];
    private readonly TracefileSampleWriter _samples = new(spool);

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (!scope.Includes(sample))
            return;

        _occurs[sample.Tracepoint] = true;
        _samples.Write(sample);
        Count++;
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        _samples.Flush();
        var head = new MemoryStream();
        _ = new TracefileWriter(head, scope.Tracepoints.All.Where(tracepoint => _occurs[tracepoint.Index]));
        head.WriteTo(output);
        spool.Position = 0;
        spool.CopyTo(output);
        output.Flush();
    }
}
