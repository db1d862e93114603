using System.Text;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Calls;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;
using Osprey.Traces.Text;

namespace Osprey.Session.Answers.Traces.Calls;

/// <summary>
/// Lists function calls as they happened: each line is handed on when it is known whether the call is a leaf.
/// </summary>
/// <remarks>
/// An entry that its own exit follows on its thread becomes one line with the time. So lines wait until the first among
/// them is settled, a bounded number; the first is then taken for a call with others in it.
/// </remarks>
public sealed class CallListing : TraceAnalysis
{
    private const int MaxWaiting = 10_000;

    private readonly AnalysisScope _scope;
    private readonly StackSymbols _symbols;
    private readonly Action<CallLine> _show;
    private readonly CallMatcher _matcher;
    private readonly ArgumentFormatter?[] _formatters;
    private readonly Utf8Builder _text = new();
    private readonly Dictionary<ulong, string> _names = [];
    private readonly Queue<Waiting> _waiting = [];
    private readonly Dictionary<ulong, Waiting> _unsettled = [];

    /// <param name="scope">What counts.</param>
    /// <param name="symbols">Names the functions.</param>
    /// <param name="show">Takes the lines, in the order of their times.</param>
    public CallListing(AnalysisScope scope, StackSymbols symbols, Action<CallLine> show)
    {
        _scope = scope;
        _symbols = symbols;
        _show = show;
        _matcher = new CallMatcher(scope);
        _formatters = new ArgumentFormatter?[scope.Tracepoints.Count];
    }

    /// <summary>The number of function entries and exits that were shown.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        PairRole role = _matcher.Observe(sample);
        bool isShown = _scope.Includes(sample);
        switch (role)
        {
            case PairRole.Entry:
                int depth = _matcher.DepthOf(sample.Thread);
                _matcher.Enter(sample, 0);
                Settle(sample.Thread);
                if (isShown)
                    Enter(sample, depth);

                break;

            case PairRole.Exit:
                bool isMatched = _matcher.TryLeave(sample, out FunctionCall call);
                if (isShown)
                    Leave(sample, isMatched ? call : null);
                else
                    Settle(sample.Thread);

                break;

            default:
                Settle(sample.Thread);
                if (isShown)
                    Show(sample);

                break;
        }

        HandOn();
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        _unsettled.Clear();
        while (_waiting.TryDequeue(out Waiting? line))
            _show(line.Line);
    }

    private void Enter(in TraceEvent sample, int depth)
    {
        Count++;
        ulong function = _matcher.FunctionOf(sample);
        CallLine line = CallLine.Of(sample, CallLineKind.Enter, depth, NameOf(function)) with { Function = function };
        var waiting = new Waiting(line) { IsSettled = false };
        _unsettled[sample.Thread] = waiting;
        _waiting.Enqueue(waiting);
    }

    private void Leave(in TraceEvent sample, FunctionCall? call)
    {
        Count++;
        bool isLeaf =
            _unsettled.Remove(sample.Thread, out Waiting? entry)
            && call is FunctionCall whole
            && entry.Line.Time == whole.Time
            && entry.Line.Function == whole.Function;
        if (entry is not null)
            entry.IsSettled = true;

        if (isLeaf && !entry!.IsGone)
        {
            entry.Line = entry.Line with { Kind = CallLineKind.Call, Nanoseconds = call!.Value.Nanoseconds };
            return;
        }

        ulong function = _matcher.FunctionOf(sample);
        CallLineKind kind = call is null ? CallLineKind.LoneLeave : CallLineKind.Leave;
        int depth = call?.Depth ?? _matcher.DepthOf(sample.Thread);
        CallLine line = CallLine.Of(sample, kind, depth, NameOf(function)) with
        {
            Function = function,
            Nanoseconds = call?.Nanoseconds,
        };
        _waiting.Enqueue(new Waiting(line));
    }

    private void Show(in TraceEvent sample)
    {
        Tracepoint tracepoint = _scope.Tracepoints[sample.Tracepoint];
        _text.Clear();
        (_formatters[sample.Tracepoint] ??= new ArgumentFormatter(tracepoint, compat: false)).Append(
            _text,
            sample.Payload
        );
        int depth = _matcher.DepthOf(sample.Thread);
        CallLine line = CallLine.Of(sample, CallLineKind.Sample, depth, tracepoint.Name) with
        {
            Arguments = _text.Length == 0 ? null : Encoding.UTF8.GetString(_text.Written),
        };
        _waiting.Enqueue(new Waiting(line));
    }

    /// <summary>Notes that a thread's last entry is no leaf.</summary>
    private void Settle(ulong thread)
    {
        if (_unsettled.Remove(thread, out Waiting? entry))
            entry.IsSettled = true;
    }

    private void HandOn()
    {
        while (_waiting.TryPeek(out Waiting? first) && (first.IsSettled || _waiting.Count > MaxWaiting))
        {
            first.IsGone = true;
            _show(first.Line);
            _waiting.Dequeue();
        }
    }

    private string NameOf(ulong function)
    {
        if (!_names.TryGetValue(function, out string? name))
            _names.Add(function, name = CallsAnswer.NameOf(_symbols, function));

        return name;
    }

    private sealed class Waiting(CallLine line)
    {
        public CallLine Line { get; set; } = line;

        public bool IsSettled { get; set; } = true;

        public bool IsGone { get; set; }
    }
}
