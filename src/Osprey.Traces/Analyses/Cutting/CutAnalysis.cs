using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Cutting;

/// <summary>Chooses the samples of a smaller trace and writes them, as a tracefile stores them, one behind the other.</summary>
public sealed class CutAnalysis : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly PairMatcher<bool>? _matcher;
    private readonly bool[] _occurs;
    private readonly Stream _samples;

    /// <param name="scope">What is kept.</param>
    /// <param name="keepsPairs">Whether an exit is kept too when its entry was, whatever the scope says of the exit.</param>
    /// <param name="samples">Gets the samples' bytes.</param>
    public CutAnalysis(AnalysisScope scope, bool keepsPairs, Stream samples)
    {
        _scope = scope;
        _samples = samples;
        _occurs = new bool[scope.Tracepoints.Count];
        // Ends without their other end are no loss here: counted apart, they are not told.
        _matcher = keepsPairs ? new PairMatcher<bool>(scope.Tracepoints, false, new TraceStats()) : null;
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
        bool isForPair = _matcher is not null && EndsKeptPair(sample, isWanted) && !isWanted;
        if (!isWanted && !isForPair)
            return;

        Kept++;
        if (isForPair)
            KeptForPairs++;

        _occurs[sample.Tracepoint] = true;
        Addresses.Add(sample.Backtrace);
        _samples.Write(sample.Bytes);
    }

    private bool EndsKeptPair(in TraceEvent sample, bool isWanted)
    {
        switch (_matcher!.Observe(sample))
        {
            case PairRole.Entry:
                _matcher.Enter(sample, isWanted);
                return false;

            case PairRole.Exit:
                return _matcher.TryExit(sample, out TimedPair<bool> pair) && pair.Entry;

            default:
                return false;
        }
    }
}
