using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Exports.Profiles;
using Osprey.Traces.Model;

namespace Osprey.Traces.Exports.Html;

/// <summary>Finds the slowest calls of a trace, a bounded number of each tracepoint.</summary>
internal sealed class SlowCalls : TraceAnalysis
{
    private const int MaxOfEach = 20;

    private readonly AnalysisScope _scope;
    private readonly SampleTexts _texts;
    private readonly StackTexts _stacks;
    private readonly TimedSampleAnalysis _analysis;
    private readonly PriorityQueue<SlowCall, ulong>?[] _calls;

    public SlowCalls(AnalysisScope scope, StackSymbols symbols)
    {
        _scope = scope;
        _texts = new SampleTexts(scope);
        _stacks = new StackTexts(symbols, "\n");
        _calls = new PriorityQueue<SlowCall, ulong>?[scope.Tracepoints.Count];
        _analysis = new TimedSampleAnalysis(scope, withBacktraces: true, withExits: true, Take);
    }

    /// <summary>
    /// The calls, the slowest first; those that are still open come last, for nobody knows how long they take.
    /// </summary>
    public IEnumerable<SlowCall> All =>
        _calls
            .Where(queue => queue is not null)
            .SelectMany(queue => queue!.UnorderedItems.Select(item => item.Element))
            .OrderBy(call => call.IsOpen)
            .ThenByDescending(call => call.Duration)
            .ThenBy(call => call.Time);

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample) => _analysis.Add(sample);

    /// <inheritdoc/>
    public override void Finish() => _analysis.Finish();

    /// <summary>The frames of a call's stack, one a line.</summary>
    public string StackOf(SlowCall call) => _stacks[call.Stack];

    private void Take(TimedSample call)
    {
        TraceEvent entry = call.Entry.Sample;
        PriorityQueue<SlowCall, ulong> queue = _calls[entry.Tracepoint] ??= new();
        ulong priority = call.IsOpen ? 0 : call.Nanoseconds;
        bool isFull = queue.Count == MaxOfEach;
        if (!isFull || (queue.TryPeek(out _, out ulong shortest) && priority > shortest))
        {
            if (isFull)
                queue.Dequeue();

            queue.Enqueue(Describe(call, entry), priority);
        }

        _analysis.Release(call);
    }

    private SlowCall Describe(in TimedSample call, in TraceEvent entry) =>
        new(
            _scope.Tracepoints[entry.Tracepoint].Name,
            $"{_texts.ThreadName(entry)} 0x{entry.Thread:x}".TrimStart(),
            call.Time,
            call.Nanoseconds,
            _texts.Arguments(entry),
            call.Exit.IsNone ? "still open when the trace ended" : _texts.Arguments(call.Exit.Sample),
            _stacks.Intern(entry.Backtrace),
            call.IsOpen
        );
}
