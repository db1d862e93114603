using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Cutting;

/// <summary>
/// Chooses the samples of a smaller trace and writes them one behind the other, as a tracefile stores them.
/// </summary>
public sealed class CutAnalysis : TraceAnalysis
{
    /// <summary>Most entries of one name that are kept open on a thread; of more, the oldest are forgotten.</summary>
    private const int MaxDepth = 1024;

    private readonly AnalysisScope _scope;
    private readonly PairRules? _rules;
    private readonly Dictionary<(ulong Correlation, int Group), List<bool>> _open = [];
    private readonly bool[] _occurs;
    private readonly TracefileSampleWriter _samples;

    /// <param name="scope">Tells which samples are kept.</param>
    /// <param name="keepsPairs">
    /// Whether an exit is kept too when its entry was, whatever the scope says of the exit.
    /// </param>
    /// <param name="samples">Gets the samples' bytes.</param>
    public CutAnalysis(AnalysisScope scope, bool keepsPairs, Stream samples)
    {
        _scope = scope;
        _samples = new TracefileSampleWriter(samples);
        _occurs = new bool[scope.Tracepoints.Count];
        _rules = keepsPairs ? new PairRules(scope with { IsCompat = false }) : null;
    }

    /// <summary>Samples met.</summary>
    public long Met { get; private set; }

    /// <summary>Samples kept.</summary>
    public long Kept { get; private set; }

    /// <summary>Those of them that were kept only for their entry.</summary>
    public long KeptForPairs { get; private set; }

    /// <summary>The return addresses of the samples that were kept.</summary>
    public ReturnAddressSet Addresses { get; } = new();

    /// <summary>The tracepoints of the samples that were kept, in the order of the dictionary.</summary>
    public IEnumerable<Tracepoint> Tracepoints => _scope.Tracepoints.All.Where(tracepoint => _occurs[tracepoint.Index]);

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        Met++;
        bool isWanted = _scope.Includes(sample);
        bool isForPair = _rules is not null && EndsKeptPair(_rules, sample, isWanted) && !isWanted;
        if (!isWanted && !isForPair)
            return;

        Kept++;
        if (isForPair)
            KeptForPairs++;

        _occurs[sample.Tracepoint] = true;
        Addresses.Add(sample.Backtrace);
        _samples.Write(sample);
    }

    /// <inheritdoc/>
    public override void Finish() => _samples.Flush();

    /// <summary>Tells whether the sample is the exit of an entry that was kept.</summary>
    /// <remarks>
    /// An analysis leaves out pairs across a gap between CPUs; here their exits are kept, so that it still can: without
    /// the exit it would take the entry for one that lasted to the end.
    /// </remarks>
    private bool EndsKeptPair(PairRules rules, in TraceEvent sample, bool isWanted)
    {
        PairRole role = rules.RoleOf(sample.Tracepoint);
        if (role == PairRole.None)
            return false;

        var key = (rules.IsPerCpu(sample.Tracepoint) ? sample.Cpu : sample.Thread, rules.GroupOf(sample.Tracepoint));
        bool isOpen = _open.TryGetValue(key, out List<bool>? entries);
        if (role == PairRole.Exit)
        {
            if (!isOpen || entries!.Count == 0)
                return false;

            bool wasKept = entries[^1];
            entries.RemoveAt(entries.Count - 1);
            return wasKept;
        }

        if (!isOpen)
            _open.Add(key, entries = []);

        if (entries!.Count == MaxDepth)
            entries.RemoveAt(0);

        entries.Add(isWanted);
        return false;
    }
}
