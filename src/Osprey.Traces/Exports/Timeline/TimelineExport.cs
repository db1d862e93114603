using System.Runtime.InteropServices;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Exports.Profiles;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Exports.Timeline;

/// <summary>
/// Writes a trace for a viewer of timelines: timed pairs as slices of their threads, other samples as moments.
/// </summary>
/// <remarks>
/// Slices are written as they end, so nothing but what is open is kept. Slices of one thread that cross, such as a wait
/// that another CPU's missing samples tore from its end, go to rows of their own: viewers drop them otherwise. The idle
/// pairs belong to a CPU and not to a thread. An end without a begin, and a begin whose end was never recorded, are
/// moments.
/// </remarks>
public abstract class TimelineExport : TraceExport
{
    /// <summary>Marks a slice that the trace ended in.</summary>
    internal static readonly TimelineArgument StillOpen = new("open", "still open when the trace ended");

    private readonly AnalysisScope _scope;
    private readonly ITimelineWriter _writer;
    private readonly SampleTexts _texts;
    private readonly StackTexts _stacks;
    private readonly TimelineTracks _tracks;
    private readonly TimelineCpus _cpus;
    private readonly Wakeups? _wakeups;
    private readonly TimelinePackets? _packets;
    private readonly OpenEntries _open;
    private readonly PairEnd[] _ends;
    private readonly PairMatcher<OpenEntry?> _matcher;
    private readonly SampleArena _kept = new();
    private readonly List<TimelineArgument> _arguments = [];
    private ulong _lastTime;
    private long _lonelyEntries;
    private long _lonelyExits;

    /// <param name="scope">What counts; for pairs it goes by the entry.</param>
    /// <param name="symbols">Names the frames of stacks.</param>
    /// <param name="writer">Writes what is found.</param>
    private protected TimelineExport(AnalysisScope scope, StackSymbols symbols, ITimelineWriter writer)
    {
        _scope = scope;
        _texts = new SampleTexts(scope);
        _stacks = new StackTexts(symbols, "\n");
        _writer = writer;
        _tracks = new TimelineTracks(_texts, writer.MayBeginTogether);
        if (writer.ShowsFlowsAndPackets)
        {
            _wakeups = new Wakeups(scope);
            _packets = new TimelinePackets(scope, writer);
        }

        _cpus = new TimelineCpus(scope, writer, _tracks, _wakeups);
        _open = new OpenEntries(scope.Tracepoints.Count);
        _ends =
        [
            .. scope.Tracepoints.All.Select(tracepoint => scope.Semantics.EndOf(tracepoint.Name, isCompat: false)),
        ];

        // Ends that match nothing are shown, so they are no loss here: they are counted apart and told in the notes.
        _matcher = new PairMatcher<OpenEntry?>(scope with { IsCompat = false, Stats = new TraceStats() });
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notes
    {
        get
        {
            if (_lonelyEntries > 0)
                yield return $"{_lonelyEntries} begins of timed tracepoints are shown as moments: "
                    + "their end was not recorded";

            if (_lonelyExits > 0)
                yield return $"{_lonelyExits} ends of timed tracepoints are shown as moments: "
                    + "their begin was not recorded, or lies before what their CPU recorded";
        }
    }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        _lastTime = Math.Max(_lastTime, sample.Time);
        _tracks.Observe(sample);
        _cpus.Add(sample);
        _packets?.Add(sample);
        if (_wakeups?.TakeAtWaitEnd(sample) is > 0 and ulong wakeup)
            WriteArrival(sample, wakeup);

        switch (_matcher.Observe(sample))
        {
            case PairRole.Entry:
                Enter(sample);
                break;

            case PairRole.Exit when _matcher.TryExit(sample, out TimedPair<OpenEntry?> pair):
                if (pair.Entry is not null)
                    Write(pair, ResultOf(sample), sample.Cpu);

                break;

            case PairRole.Exit:
                _lonelyExits += WriteMoment(sample, _stacks.Intern(sample.Backtrace)) ? 1 : 0;
                break;

            default:
                if (!_cpus.IsLoad(sample))
                    WriteMoment(sample, _stacks.Intern(sample.Backtrace));
                else if (_scope.Includes(sample))
                    Count++;

                break;
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        // The innermost of those still open first, as in the rest of the file.
        foreach (TimedPair<OpenEntry?> pair in _matcher.Finish().Reverse())
        {
            if (pair.Entry is not null)
                Write(pair, null, pair.Cpu);
        }

        foreach (OpenEntry entry in _open.All)
            GiveUp(entry);

        _cpus.Finish(_lastTime);
        _tracks.WriteNames(_writer);
        _writer.Complete();
    }

    /// <summary>The place of the thread that recorded a sample: its process and its first row.</summary>
    private protected (int Process, int Row) PlaceOf(in TraceEvent sample)
    {
        TimelineTrack track = _tracks.Thread(sample.Thread);
        return (track.Process, track.Number);
    }

    /// <summary>Shows that a woken thread runs, in a trace that does not say on which CPU.</summary>
    private void WriteArrival(in TraceEvent sample, ulong wakeup)
    {
        if (!_scope.Includes(sample))
            return;

        _writer.EndFlow(wakeup);
        TimelineTrack track = _tracks.Thread(sample.Thread);
        _writer.Instant(track.Process, track.Number, sample.Time, "runs again");
    }

    private void Enter(in TraceEvent sample)
    {
        if (!_scope.Filter.IsNone && !_scope.Filter.Matches(sample, _scope.Tracepoints))
        {
            _matcher.Enter(sample, null);
            return;
        }

        TimelineTrack track = _ends[sample.Tracepoint].IsPerCpu
            ? _tracks.Cpu(sample.Cpu, isIdle: true)
            : _tracks.Thread(sample.Thread);
        var entry = new OpenEntry(_kept.Add(sample, withBacktrace: false), _stacks.Intern(sample.Backtrace), track);
        _matcher.Enter(sample, entry);
        if (_open.Add(entry) is OpenEntry lost)
            GiveUp(lost);
    }

    private void GiveUp(OpenEntry entry) => _lonelyEntries += WriteMoment(entry.Sample.Sample, entry.Stack) ? 1 : 0;

    private TimelineArgument? ResultOf(in TraceEvent exit) =>
        _texts.Arguments(exit) is { Length: > 0 } text
            ? new TimelineArgument(_ends[exit.Tracepoint].IsError ? "error" : "result", text)
            : null;

    private void Write(in TimedPair<OpenEntry?> pair, TimelineArgument? result, uint exitCpu)
    {
        OpenEntry entry = pair.Entry!;
        if (!_scope.Range.TryTrim(pair.Time, pair.Time + pair.Nanoseconds, out _))
        {
            Close(entry);
            return;
        }

        TraceEvent sample = entry.Sample.Sample;
        int row = entry.Track.Place(pair.Time, pair.Time + pair.Nanoseconds);
        Describe(sample, entry.Stack, result);
        if (exitCpu != sample.Cpu)
            _arguments.Add(new TimelineArgument("cpu at the end", exitCpu));

        if (pair.IsOpen)
            _arguments.Add(StillOpen);

        _writer.Slice(
            entry.Track.Process,
            row,
            pair.Time,
            pair.Nanoseconds,
            _scope.Tracepoints[sample.Tracepoint].Name,
            CollectionsMarshal.AsSpan(_arguments)
        );
        Close(entry);
        Count++;
    }

    private void Close(OpenEntry entry)
    {
        _open.Remove(entry);
        _kept.Release(entry.Sample);
    }

    private bool WriteMoment(in TraceEvent sample, int stack)
    {
        if (!_scope.Includes(sample))
            return false;

        Describe(sample, stack, null);
        TimelineTrack track = _tracks.Thread(sample.Thread);
        if (_wakeups?.Begin(sample) is > 0 and ulong wakeup)
            _writer.StartFlow(wakeup);

        _writer.Instant(
            track.Process,
            track.Number,
            sample.Time,
            _scope.Tracepoints[sample.Tracepoint].Name,
            CollectionsMarshal.AsSpan(_arguments)
        );
        Count++;
        return true;
    }

    private void Describe(in TraceEvent sample, int stack, TimelineArgument? result)
    {
        _arguments.Clear();
        if (_texts.Arguments(sample) is { Length: > 0 } text)
            _arguments.Add(new TimelineArgument("arguments", text));

        if (result is TimelineArgument end)
            _arguments.Add(end);

        if (sample.Cpu != uint.MaxValue)
            _arguments.Add(new TimelineArgument("cpu", sample.Cpu));

        if (stack >= 0)
            _arguments.Add(new TimelineArgument("stack", _stacks[stack]));
    }
}
