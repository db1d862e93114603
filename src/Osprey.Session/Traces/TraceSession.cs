using Osprey.Binary;
using Osprey.Session.Answers;
using Osprey.Session.Traces.Rings;
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

    private ExtractedTrace? _owned;

    private TraceSession(TraceReader reader, string path, bool isCompat, bool isFile)
    {
        IsFile = isFile;
        Reader = reader;
        Path = path;
        IsCompat = isCompat;
    }

    /// <summary>The open trace.</summary>
    public TraceReader Reader { get; }

    /// <summary>The path as the user gave it.</summary>
    public string Path { get; }

    /// <summary>Tells whether the path can be opened again: standard input and pipes with a name cannot.</summary>
    public bool IsFile { get; }

    /// <summary>Tells whether to follow the reference, quirks included.</summary>
    public bool IsCompat { get; }

    /// <summary>Opens a trace of any known format.</summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="isCompat">Follow the reference, quirks included.</param>
    /// <param name="standardInput">Opens standard input, when the path stands for it.</param>
    /// <param name="formats">The formats that the trace may have; null for the standard ones.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened, or is a folder.</exception>
    /// <exception cref="BadDataException">It is not a trace.</exception>
    public static TraceSession Open(
        string path,
        bool isCompat = false,
        Func<Stream>? standardInput = null,
        TraceFormats? formats = null
    )
    {
        TraceInput input =
            path != StandardInput ? TraceInput.OpenFile(path)
            : standardInput is not null ? TraceInput.FromStream("standard input", standardInput())
            : throw new ArgumentException("the path stands for standard input, which was not given", nameof(path));
        var options = new TraceReadOptions { MergeOrder = isCompat ? MergeOrder.Reference : MergeOrder.TimeThenCpu };
        bool isFile = path != StandardInput && input.IsFile;
        return new TraceSession((formats ?? TraceFormats.Standard).Open(input, options), path, isCompat, isFile);
    }

    /// <summary>Opens what was read of a guest's rings.</summary>
    /// <param name="extracted">The rings; closed with the session, and on failure.</param>
    /// <param name="isCompat">Follow the reference, quirks included.</param>
    public static TraceSession Open(ExtractedTrace extracted, bool isCompat = false)
    {
        var options = new TraceReadOptions { MergeOrder = isCompat ? MergeOrder.Reference : MergeOrder.TimeThenCpu };
        try
        {
            TraceInput input = TraceInput.OpenFile(extracted.Path, extracted.Result.Path);
            TraceReader reader = TraceFormats.Standard.Open(input, options);
            return new TraceSession(reader, extracted.Path, isCompat, isFile: true) { _owned = extracted };
        }
        catch
        {
            extracted.Dispose();
            throw;
        }
    }

    /// <summary>Creates the scope that an analysis of this trace is given.</summary>
    public AnalysisScope CreateScope(TimeRange range, SampleFilter filter) =>
        new(Reader.Tracepoints, Reader.Stats, range, filter, IsCompat, Reader.Semantics);

    /// <summary>Runs analyses over the samples that are left, all in one pass.</summary>
    /// <param name="analyses">Each gets every sample.</param>
    /// <param name="context">
    /// Told the bytes read so far, now and then; its cancellation ends the run between two batches. Null for none.
    /// </param>
    public void Run(IReadOnlyList<TraceAnalysis> analyses, QuestionContext? context = null)
    {
        context ??= QuestionContext.None;
        using var pump = new BatchPump(Reader);
        while (pump.Next() is SampleBatch batch)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            foreach (TraceAnalysis analysis in analyses)
            {
                for (int i = 0; i < batch.Count; i++)
                    analysis.Add(batch[i]);
            }

            context.Progress?.Report(Reader.Stats.BytesRead);
        }

        foreach (TraceAnalysis analysis in analyses)
            analysis.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reader.Dispose();
        _owned?.Dispose();
    }
}
