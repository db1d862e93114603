using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Analyses.Summaries;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Comparison;

/// <summary>Measures one trace, to compare it with another.</summary>
public sealed class TraceMeasurement : TraceAnalysis
{
    /// <summary>Most samples without a time that are kept until one has a time.</summary>
    private const int MostHeld = 10_000;

    private readonly AnalysisScope _scope;
    private readonly bool _isRelative;
    private readonly ComparedProfile? _compared;
    private readonly List<KeptSample> _held = [];
    private readonly SampleArena _arena = new();
    private TimeRange _range;
    private TraceAnalysis? _profileAnalysis;
    private ulong _first = ulong.MaxValue;
    private ulong _last;

    /// <param name="scope">What counts.</param>
    /// <param name="isRelative">
    /// Whether the scope's range begins at the trace's first time, and not at that of the guest's boot.
    /// </param>
    /// <param name="compared">The profile to make; null for none.</param>
    public TraceMeasurement(AnalysisScope scope, bool isRelative, ComparedProfile? compared)
    {
        _scope = scope;
        _range = scope.Range;
        _isRelative = isRelative && !scope.Range.IsAll;
        _compared = compared;
        if (!_isRelative)
            Start(0);
    }

    /// <summary>Counts and durations.</summary>
    public SummaryAnalysis Summary { get; private set; } = null!;

    /// <summary>The profile, when there is one.</summary>
    public StackProfile? Profile { get; private set; }

    /// <summary>The part of the time range that the trace spans, in nanoseconds.</summary>
    public ulong Span
    {
        get
        {
            if (_last < _first)
                return 0;

            decimal from = Math.Max(_first, _range.Since ?? 0);
            decimal to = Math.Min(_last, _range.Until ?? ulong.MaxValue);
            return to > from ? (ulong)(to - from) : 0;
        }
    }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        ulong time = sample.Time;
        if (Summary is null)
        {
            if (time == 0 && _held.Count < MostHeld)
            {
                _held.Add(_arena.Add(sample, withBacktrace: true));
                return;
            }

            Start(time);
        }

        Take(sample, time);
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        if (Summary is null)
            Start(0);

        Summary!.Finish();
        _profileAnalysis?.Finish();
    }

    private void Start(ulong origin)
    {
        if (_isRelative)
            _range = new TimeRange(_scope.Range.Since + origin, _scope.Range.Until + origin, _scope.IsCompat);

        AnalysisScope scope = _scope with { Range = _range };
        Summary = new SummaryAnalysis(scope, timed: true);
        if (_compared is not null)
        {
            // The summary matches the same pairs: what is lost of them is counted there.
            (_profileAnalysis, Profile) = _compared.Create(
                _compared.UsesTime ? scope with { Stats = new TraceStats() } : scope
            );
        }

        foreach (KeptSample sample in _held)
            Take(sample.Sample, 0);

        _held.Clear();
    }

    private void Take(in TraceEvent sample, ulong time)
    {
        if (time != 0)
        {
            _first = Math.Min(_first, time);
            _last = Math.Max(_last, time);
        }

        Summary.Add(sample);
        _profileAnalysis?.Add(sample);
    }
}
