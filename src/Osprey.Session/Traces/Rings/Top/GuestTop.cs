using System.Diagnostics;
using Osprey.Guests.Threads;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Session.Traces.Rings.Top;

/// <summary>Looks again and again at what the tracepoints of a guest say.</summary>
/// <remarks>
/// The rings of a guest that runs are followed all the time that a look takes. What they hold at first is read too, for
/// the calls that have begun before, and is not counted. Of a guest that does not run, one look shows all that the
/// rings hold. What the threads wait for is asked of the guest's scheduler, after the samples were read: only for
/// threads that are shown, as following their stacks takes longer than reading samples. They have the names that other
/// answers give them, as a thread may have got its name after the sample.
/// </remarks>
public sealed class GuestTop
{
    private readonly GuestRings _rings;
    private readonly Func<IReadOnlySet<ulong>, CancellationToken, ThreadsAnswer>? _findThreads;
    private readonly LiveSamples _samples;
    private readonly TopMeter _meter;
    private long _stamp = Stopwatch.GetTimestamp();
    private ulong _newest;
    private long _newestStamp;

    /// <param name="rings">The rings, read from their oldest sample on.</param>
    /// <param name="filter">The samples that are wanted.</param>
    /// <param name="most">The most rows of each list.</param>
    /// <param name="findThreads">
    /// Finds out what threads, by address, wait for; null when the guest is not asked.
    /// </param>
    public GuestTop(
        GuestRings rings,
        SampleFilter filter,
        int most,
        Func<IReadOnlySet<ulong>, CancellationToken, ThreadsAnswer>? findThreads
    )
    {
        _rings = rings;
        _findThreads = findThreads;
        _samples = new LiveSamples(rings);
        _meter = new TopMeter(rings.Tracepoints, OsvTraceSemantics.Instance, filter, rings.IsEnabled, most);
    }

    /// <summary>Tells whether the guest has rings.</summary>
    public bool HasRings => _rings.Readers.Count > 0;

    /// <summary>The guest's tracepoints.</summary>
    public TracepointTable Tracepoints => _rings.Tracepoints;

    /// <summary>The reasons why samples may be missing, in words.</summary>
    public IReadOnlyList<string> Defects => _rings.Defects;

    /// <summary>Tells whether a tracepoint, by its number in the table, writes samples.</summary>
    public bool IsEnabled(int tracepoint) => _rings.IsEnabled(tracepoint);

    /// <summary>Makes one for a guest.</summary>
    /// <param name="session">The guest. It is not paused.</param>
    /// <param name="filter">The samples that are wanted.</param>
    /// <param name="most">The most rows of each list.</param>
    /// <param name="cancellation">Ends the walks through the kernel's lists.</param>
    /// <exception cref="TargetException">The guest has no such rings.</exception>
    public static GuestTop For(GuestSession session, SampleFilter filter, int most, CancellationToken cancellation)
    {
        GuestRings rings = GuestRings.Of(session, startsAtNewest: false, cancellation);
        return new GuestTop(rings, filter, most, (threads, token) => AskThreads(session, threads, token));
    }

    /// <summary>Gives one look at all that the rings of a guest hold that does not run.</summary>
    /// <exception cref="TargetException">It has recorded nothing.</exception>
    public TopLook LookOnce(CancellationToken cancellation)
    {
        _rings.RequireAllocated();
        _samples.Finish(_meter.Add, _meter.AddLoss);
        return Complete(_meter.Take(_meter.Span, _samples.Newest, _rings.Defects), _samples.Newest, cancellation);
    }

    /// <summary>Reads what the rings of a guest that runs hold already, before the first look.</summary>
    /// <exception cref="TargetException">The guest ended, or can't be read any more.</exception>
    public void Begin(CancellationToken cancellation)
    {
        // Names are loaded now: later it would keep the rings waiting.
        _ = FindThreads([], cancellation, out _);
        _samples.Read(_meter.Add, lost => _meter.AddLoss(lost with { Loss = lost.Loss with { IsEarlier = true } }));
        _meter.Start = _samples.Newest;
        _stamp = Stopwatch.GetTimestamp();
    }

    /// <summary>Follows the rings for a time, and gives what was seen in it.</summary>
    /// <exception cref="OperationCanceledException">The user ended it.</exception>
    /// <exception cref="TargetException">The guest ended, or can't be read any more.</exception>
    public TopLook Look(TimeSpan time, CancellationToken cancellation)
    {
        _samples.Follow(time, _meter.Add, _meter.AddLoss, NoteTime, cancellation);
        cancellation.ThrowIfCancellationRequested();
        long stamp = Stopwatch.GetTimestamp();
        ulong period = Nanoseconds(_stamp, stamp);
        _stamp = stamp;
        // A guest that does nothing writes no time down.
        ulong now = _newest == 0 ? 0 : unchecked(_newest + Nanoseconds(_newestStamp, stamp));
        return Complete(_meter.Take(period, now, _rings.Defects), now, cancellation);
    }

    private static ThreadsAnswer AskThreads(
        GuestSession session,
        IReadOnlySet<ulong> threads,
        CancellationToken cancellation
    )
    {
        session.Kernel.Refresh();
        return ThreadsAnswer.Ask(
            session,
            new ThreadQuery { Addresses = threads },
            new QuestionContext(Cancellation: cancellation)
        );
    }

    private static ulong Nanoseconds(long from, long to) =>
        (ulong)Math.Max(0, Stopwatch.GetElapsedTime(from, to).TotalNanoseconds);

    private void NoteTime()
    {
        if (_samples.Newest != _newest)
            (_newest, _newestStamp) = (_samples.Newest, Stopwatch.GetTimestamp());
    }

    private TopLook Complete(TopLook look, ulong now, CancellationToken cancellation)
    {
        if (look.Waits.Count == 0 && look.Slowest.Count == 0)
            return look;

        ThreadsAnswer? answer = FindThreads(look.Waits, cancellation, out string? problem);
        HashSet<ulong> ended = FindEnded(look.Waits, answer);
        if (ended.Count > 0)
        {
            look = look with { Waits = _meter.Forget(ended, now) };
            answer = FindThreads(look.Waits, cancellation, out problem);
        }

        ILookup<ulong, ThreadRow>? found = answer?.Threads.ToLookup(row => row.State.Address);
        ILookup<ulong, GuestThreadState>? all = answer?.List.Threads.ToLookup(thread => thread.Address);
        return look with
        {
            Waits = [.. look.Waits.Select(row => row with { State = found?[row.Thread].FirstOrDefault() })],
            Slowest =
            [
                .. look.Slowest.Select(call =>
                    call with
                    {
                        ThreadId = all?[call.Thread].FirstOrDefault(thread => thread.Name == call.ThreadName)?.Id,
                    }
                ),
            ],
            Defects = problem is null ? look.Defects : [.. look.Defects, problem],
        };
    }

    /// <summary>Tells which threads are not in the list of all: the last wait of one that ends has no end.</summary>
    private static HashSet<ulong> FindEnded(IReadOnlyList<TopThread> shown, ThreadsAnswer? answer) =>
        answer is { List: { Defects.Count: 0 } list }
            ? [.. shown.Select(row => row.Thread).Except(list.Threads.Select(thread => thread.Address))]
            : [];

    private ThreadsAnswer? FindThreads(
        IReadOnlyList<TopThread> shown,
        CancellationToken cancellation,
        out string? problem
    )
    {
        problem = null;
        try
        {
            return _findThreads?.Invoke(shown.Select(row => row.Thread).ToHashSet(), cancellation);
        }
        catch (TargetException exception) when (exception.Problem != TargetProblem.GuestEnded)
        {
            problem = $"what threads wait for is not known: {exception.Message}";
            return null;
        }
    }
}
