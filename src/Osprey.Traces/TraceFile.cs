using Osprey.Binary;
using Osprey.Traces.Analyses;
using Osprey.Traces.Formats;
using Osprey.Traces.Model;

namespace Osprey.Traces;

/// <summary>
/// A trace in a file, for programs that use Osprey as a library: they enumerate its samples, or run analyses over them.
/// </summary>
/// <remarks>
/// The samples are read once, from the first to the last. Damage does not throw once the file is open; see
/// <see cref="TraceReader"/>.
/// </remarks>
public sealed class TraceFile : IDisposable
{
    private bool _isUsed;

    private TraceFile(TraceReader reader)
    {
        Reader = reader;
        Scope = new AnalysisScope(
            reader.Tracepoints,
            reader.Stats,
            TimeRange.All,
            SampleFilter.None,
            IsCompat: false,
            reader.Semantics
        );
    }

    /// <summary>The reader of the file.</summary>
    public TraceReader Reader { get; }

    /// <summary>The trace's dictionary.</summary>
    public TracepointTable Tracepoints => Reader.Tracepoints;

    /// <summary>Counts what was read so far and what was lost.</summary>
    public TraceStats Stats => Reader.Stats;

    /// <summary>The whole trace; use <c>with</c> to give an analysis a part of it.</summary>
    public AnalysisScope Scope { get; }

    /// <summary>Opens a trace; the content tells its format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The way to read it; null for the defaults.</param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="BadDataException">The file is not a trace.</exception>
    public static TraceFile Open(string path, TraceReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new TraceFile(TraceFormats.Standard.Open(TraceInput.OpenFile(path), options ?? new TraceReadOptions()));
    }

    /// <summary>Enumerates the samples, for <c>foreach</c>.</summary>
    /// <exception cref="InvalidOperationException">The samples were enumerated or analysed before.</exception>
    public TraceFileEnumerator GetEnumerator()
    {
        Begin();
        return new TraceFileEnumerator(Reader);
    }

    /// <summary>Creates an analysis of the whole trace and runs it.</summary>
    /// <param name="create">Creates the analysis.</param>
    /// <exception cref="InvalidOperationException">The samples were enumerated or analysed before.</exception>
    public TAnalysis Run<TAnalysis>(Func<AnalysisScope, TAnalysis> create)
        where TAnalysis : TraceAnalysis
    {
        TAnalysis analysis = create(Scope);
        Run([analysis]);
        return analysis;
    }

    /// <summary>Runs analyses over the samples, all in one pass.</summary>
    /// <param name="analyses">Each gets every sample.</param>
    /// <exception cref="InvalidOperationException">The samples were enumerated or analysed before.</exception>
    public void Run(params IReadOnlyList<TraceAnalysis> analyses)
    {
        Begin();
        var batch = new SampleBatch();
        while (Reader.Read(batch))
        {
            foreach (TraceAnalysis analysis in analyses)
            {
                for (int i = 0; i < batch.Count; i++)
                    analysis.Add(batch[i]);
            }
        }

        foreach (TraceAnalysis analysis in analyses)
            analysis.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => Reader.Dispose();

    private void Begin()
    {
        if (_isUsed)
            throw new InvalidOperationException("the samples of a trace can be read once; open the file again");

        _isUsed = true;
    }
}
