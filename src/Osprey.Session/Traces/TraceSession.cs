using Osprey.Binary;
using Osprey.Traces.Analyses;
using Osprey.Traces.Formats;
using Osprey.Traces.Merging;
using Osprey.Traces.Model;

namespace Osprey.Session.Traces;

/// <summary>An open trace and the analyses that are run over it, front to back.</summary>
public sealed class TraceSession : IDisposable
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    private TraceSession(TraceReader reader, string path, bool isCompat)
    {
        Reader = reader;
        Path = path;
        IsCompat = isCompat;
    }

    /// <summary>The open trace.</summary>
    public TraceReader Reader { get; }

    /// <summary>The path as the user gave it.</summary>
    public string Path { get; }

    /// <summary>Whether to follow the reference, quirks included.</summary>
    public bool IsCompat { get; }

    /// <summary>Opens a trace of any known format.</summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="isCompat">Follow the reference, quirks included.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened, or is a folder.</exception>
    /// <exception cref="BadDataException">It is not a trace.</exception>
    public static TraceSession Open(string path, bool isCompat = false)
    {
        TraceInput input =
            path == StandardInput
                ? TraceInput.FromStream("standard input", Console.OpenStandardInput())
                : TraceInput.OpenFile(path);
        return new TraceSession(
            TraceFormats.Open(input, isCompat ? MergeOrder.Reference : MergeOrder.TimeThenCpu),
            path,
            isCompat
        );
    }

    /// <summary>What an analysis of this trace is told.</summary>
    public AnalysisScope CreateScope(TimeRange range, SampleFilter filter) =>
        new(Reader.Tracepoints, Reader.Stats, range, filter, IsCompat);

    /// <summary>Runs analyses over the samples that are left, all in one pass.</summary>
    /// <param name="analyses">Each gets every sample.</param>
    /// <param name="progress">Told the bytes read so far, now and then.</param>
    /// <param name="cancellation">Ends the run between two batches.</param>
    public void Run(
        IReadOnlyList<TraceAnalysis> analyses,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using var pump = new BatchPump(Reader);
        while (pump.Next() is SampleBatch batch)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (TraceAnalysis analysis in analyses)
            {
                for (int i = 0; i < batch.Count; i++)
                    analysis.Add(batch[i]);
            }

            progress?.Report(Reader.Stats.BytesRead);
        }

        foreach (TraceAnalysis analysis in analyses)
            analysis.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => Reader.Dispose();
}
