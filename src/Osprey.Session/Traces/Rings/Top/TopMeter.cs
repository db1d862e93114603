using System.Text;
using Osprey.Session.Traces.Rings.Calls;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Session.Traces.Rings.Top;

/// <summary>Counts what a guest's tracepoints say from one look to the next.</summary>
/// <remarks>
/// Samples up to <see cref="Start"/> were there before: they only tell which calls have begun.
/// </remarks>
/// <param name="tracepoints">The guest's tracepoints; may grow.</param>
/// <param name="semantics">Tells begins and ends, and what waits.</param>
/// <param name="filter">The samples that are wanted.</param>
/// <param name="isEnabled">Tells whether a tracepoint, by index, writes samples.</param>
/// <param name="most">The most rows of each list.</param>
public sealed class TopMeter(
    TracepointTable tracepoints,
    TraceSemantics semantics,
    SampleFilter filter,
    Func<int, bool> isEnabled,
    int most
) : ICallSink
{
    private readonly LiveCalls _calls = new(tracepoints, semantics, filter, isEnabled);
    private readonly SlowCalls _slow = new(most);
    private readonly CallTexts _texts = new(tracepoints, semantics);
    private readonly SortedDictionary<int, TopLoss> _lost = [];
    private TracepointCount[] _counts = [];
    private bool[] _isWait = [];
    private long _samples;
    private ulong _first = ulong.MaxValue;
    private ulong _last;

    /// <summary>The time up to which samples are not counted, in nanoseconds since boot.</summary>
    public ulong Start { get; set; }

    /// <summary>The time between the first and the last sample of this look, in nanoseconds.</summary>
    public ulong Span => _last > _first ? _last - _first : 0;

    /// <summary>Takes the next sample, in the order of time.</summary>
    public void Add(in TraceEvent sample)
    {
        if (_counts.Length < tracepoints.Count)
            Grow();

        ulong time = sample.Time;
        if (time > Start || Start == 0)
        {
            _samples++;
            _first = Math.Min(_first, time);
        }

        _last = Math.Max(_last, time);
        _calls.Add(sample, this);
    }

    /// <summary>Takes note of samples that were overwritten before they could be read.</summary>
    public void AddLoss(LiveLoss lost)
    {
        _calls.AddGap(lost.From, lost.To);
        if (lost.Loss.IsEarlier)
            return;

        TopLoss before = _lost.GetValueOrDefault(lost.Cpu) ?? new TopLoss(lost.Cpu, 0, 0);
        _lost[lost.Cpu] = new TopLoss(
            lost.Cpu,
            unchecked(before.Samples + lost.Loss.Samples),
            unchecked(before.Bytes + lost.Loss.Bytes)
        );
    }

    /// <summary>Gives what was counted since the last look, and begins the next one.</summary>
    /// <param name="period">The time since then in nanoseconds.</param>
    /// <param name="now">The guest's time now, in nanoseconds since boot.</param>
    /// <param name="defects">The reasons why samples may be missing, in words.</param>
    public TopLook Take(ulong period, ulong now, IReadOnlyList<string> defects)
    {
        var look = new TopLook(
            _last == 0 ? null : _last,
            period,
            _samples,
            [.. _lost.Values],
            ListTracepoints(period),
            _slow.TakeAll(Describe),
            ListWaits(now),
            defects
        );
        Array.Clear(_counts);
        _lost.Clear();
        (_samples, _first) = (0, ulong.MaxValue);
        return look;
    }

    /// <summary>Forgets the calls of threads that have ended, and lists those that go on anew.</summary>
    /// <param name="threads">The threads.</param>
    /// <param name="now">The guest's time now, in nanoseconds since boot.</param>
    public IReadOnlyList<TopThread> Forget(IReadOnlySet<ulong> threads, ulong now)
    {
        _calls.Forget(threads);
        return ListWaits(now);
    }

    /// <inheritdoc/>
    void ICallSink.TakeSingle(in TraceEvent sample) => CountHit(sample);

    /// <inheritdoc/>
    void ICallSink.TakeBegin(in TraceEvent entry) => CountHit(entry);

    /// <inheritdoc/>
    void ICallSink.TakeCall(in TraceEvent entry, in TraceEvent exit, bool isResumed)
    {
        if (exit.Time <= Start && Start != 0)
            return;

        ulong duration = exit.Time > entry.Time ? exit.Time - entry.Time : 0;
        ref TracepointCount count = ref _counts[entry.Tracepoint];
        count.Timed++;
        count.Nanoseconds = unchecked(count.Nanoseconds + duration);
        count.Slowest = Math.Max(count.Slowest, duration);
        if (!_isWait[entry.Tracepoint])
            _slow.Add(entry, exit, duration);
    }

    /// <inheritdoc/>
    void ICallSink.TakeUnfinished(in TraceEvent entry) { }

    private void CountHit(in TraceEvent sample)
    {
        if (sample.Time > Start || Start == 0)
            _counts[sample.Tracepoint].Hits++;
    }

    private void Grow()
    {
        int known = _counts.Length;
        Array.Resize(ref _counts, tracepoints.Count);
        Array.Resize(ref _isWait, tracepoints.Count);
        for (int i = known; i < _counts.Length; i++)
        {
            TracepointRole role = semantics.RoleOf(tracepoints[i]);
            _isWait[i] = role is TracepointRole.Wait or TracepointRole.Idle;
        }
    }

    private List<TopTracepoint> ListTracepoints(ulong period)
    {
        // The guest may have several tracepoints of one name.
        var rows = new Dictionary<string, TopTracepoint>();
        for (int i = 0; i < _counts.Length; i++)
        {
            ref readonly TracepointCount count = ref _counts[i];
            if (count is { Hits: 0, Timed: 0 })
                continue;

            string name = tracepoints[i].Name;
            TopTracepoint sum = rows.GetValueOrDefault(name) ?? new TopTracepoint(name, 0, 0, 0, 0, 0);
            long hits = sum.Hits + count.Hits;
            rows[name] = new TopTracepoint(
                name,
                hits,
                TopLook.RateOf(hits, period),
                sum.Timed + count.Timed,
                unchecked(sum.Nanoseconds + count.Nanoseconds),
                Math.Max(sum.Slowest, count.Slowest)
            );
        }

        return
        [
            .. rows
                .Values.OrderByDescending(row => row.Hits)
                .ThenByDescending(row => row.Nanoseconds)
                .ThenBy(row => row.Name, StringComparer.Ordinal)
                .Take(most),
        ];
    }

    private List<TopThread> ListWaits(ulong now)
    {
        var threads = new Dictionary<ulong, List<SampleCopy>>();
        _calls.VisitOpen(
            (in TraceEvent entry) =>
            {
                if (semantics.EndOf(tracepoints[entry.Tracepoint].Name, isCompat: false).IsPerCpu)
                    return; // a CPU that idles, and no thread

                if (!threads.TryGetValue(entry.Thread, out List<SampleCopy>? calls))
                    threads.Add(entry.Thread, calls = []);

                calls.Add(new SampleCopy(entry));
            }
        );
        return
        [
            .. threads
                .Select(pair => Describe(pair.Key, pair.Value, now))
                .OrderByDescending(thread => thread.Since)
                .ThenBy(thread => thread.Thread)
                .Take(most),
        ];
    }

    private TopThread Describe(ulong thread, List<SampleCopy> calls, ulong now)
    {
        // Of two that began at once, the wait is the inner one.
        SampleCopy[] ordered =
        [
            .. calls.OrderBy(call => call.Sample.Time).ThenBy(call => _isWait[call.Sample.Tracepoint] ? 1 : 0),
        ];
        TraceEvent outermost = ordered[0].Sample;
        return new TopThread(
            thread,
            NameOf(ordered[^1].Sample),
            CpuOf(outermost),
            now > outermost.Time ? now - outermost.Time : 0,
            [.. ordered.Select(call => DescribeOpen(call.Sample))]
        );
    }

    private TopOpenCall DescribeOpen(in TraceEvent entry) =>
        new(entry.Time, tracepoints[entry.Tracepoint].Name, _texts.FormatArguments(entry));

    private TopCall Describe(in TraceEvent entry, in TraceEvent exit, ulong duration) =>
        new(
            entry.Time,
            duration,
            entry.Thread,
            NameOf(entry),
            CpuOf(entry),
            tracepoints[entry.Tracepoint].Name,
            _texts.FormatArguments(entry),
            _texts.FormatResult(exit)
        );

    private static string NameOf(in TraceEvent sample) => Encoding.UTF8.GetString(sample.ThreadName);

    private static uint? CpuOf(in TraceEvent sample) => sample.Cpu == uint.MaxValue ? null : sample.Cpu;

    /// <summary>The counts of one tracepoint.</summary>
    private struct TracepointCount
    {
        public long Hits { get; set; }

        public long Timed { get; set; }

        public ulong Nanoseconds { get; set; }

        public ulong Slowest { get; set; }
    }
}
