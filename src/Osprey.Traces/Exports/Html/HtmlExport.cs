using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Analyses.Summaries;
using Osprey.Traces.Exports.Flame;
using Osprey.Traces.Exports.Timeline;
using Osprey.Traces.Model;

namespace Osprey.Traces.Exports.Html;

/// <summary>
/// Writes a trace as one page that any browser opens: summary, timeline of threads and CPUs, flame graph, slowest
/// calls.
/// </summary>
/// <remarks>
/// The page refers to nothing outside of itself. It is bounded, however large the trace; it says what is left out.
/// </remarks>
public sealed class HtmlExport : TimelineExport
{
    private readonly AnalysisScope _scope;
    private readonly StackSymbols _symbols;
    private readonly string _title;
    private readonly Stream _output;
    private readonly PageRows _rows;
    private readonly SummaryAnalysis _summary;
    private readonly HitProfile _profile;
    private readonly SlowCalls _calls;

    /// <param name="scope">What counts; for pairs it goes by the entry.</param>
    /// <param name="symbols">Names the frames of stacks.</param>
    /// <param name="title">The page's head line.</param>
    /// <param name="output">Where to; stays open.</param>
    public HtmlExport(AnalysisScope scope, StackSymbols symbols, string title, Stream output)
        : this(scope, symbols, title, output, new PageRows()) { }

    private HtmlExport(AnalysisScope scope, StackSymbols symbols, string title, Stream output, PageRows rows)
        : base(scope, symbols, rows)
    {
        _scope = scope;
        _symbols = symbols;
        _title = title;
        _output = output;
        _rows = rows;

        // What these can't use is counted once, by the timeline, which shows it.
        AnalysisScope quiet = scope with
        {
            Stats = new TraceStats(),
        };
        _summary = new SummaryAnalysis(quiet, timed: true);
        _profile = new HitProfile(quiet, ProfileGrouping.None);
        _profile.Profile.SplitTracepoints();
        _calls = new SlowCalls(quiet, symbols);
    }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        base.Add(sample);
        _summary.Add(sample);
        _profile.Add(sample);
        _calls.Add(sample);
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        base.Finish();
        _summary.Finish();
        _profile.Finish();
        _calls.Finish();
        var tree = new FlameTree(_symbols);
        foreach (ProfileGroup group in _profile.Profile.Groups)
        {
            foreach (ProfileEntry entry in group.Entries)
            {
                StackFrames frames = _symbols.Resolve(_profile.Profile.Stacks[entry.Stack]).WithoutMachinery();
                if (frames.Frames.Count > 0)
                    tree.Add(null, frames.Reversed(), _scope.Tracepoints[entry.Tracepoint].Name, entry.Hits);
            }
        }

        using var page = new PageWriter(_output);
        page.Write(_title, _summary, _rows, _calls, tree.Root);
    }
}
