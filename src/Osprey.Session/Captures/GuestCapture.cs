using System.Diagnostics;
using Osprey.Session.Captures.Rings;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Session.Captures;

/// <summary>Captures what the queues of a guest's devices carry, by looking at its memory again and again.</summary>
/// <remarks>
/// <para>
/// The guest is not stopped and nothing is changed in it. How often we look decides what is lost: a driver uses the
/// memory of a packet again soon after the device has taken it. So the loop sleeps only for some tens of microseconds
/// at a time. A sleeper is woken before those that compute, which on a busy host makes it quicker than one that spins.
/// </para>
/// <para>
/// When the indices make no sense, or nothing moved for long, QEMU is asked again where the queues are: a driver that
/// was started anew puts them elsewhere.
/// </para>
/// </remarks>
public sealed class GuestCapture
{
    private const int ShortPause = 20; // microseconds
    private const int LongPause = 200;
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_flush = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_check = TimeSpan.FromSeconds(2);

    private readonly IPhysicalMemory _memory;
    private readonly Func<IReadOnlyList<CaptureDevice>> _find;
    private readonly RunningThreads? _running;
    private readonly List<string> _notes = [];
    private readonly List<CapturedFrame> _waiting = [];
    private readonly List<(CaptureDevice Device, List<QueueFollower> Receive, List<QueueFollower> Transmit)> _followed;
    private readonly List<QueueFollower> _finished = [];

    /// <param name="memory">The guest's memory, without a cache.</param>
    /// <param name="devices">The devices to follow.</param>
    /// <param name="find">Finds the same devices again, where their queues are then.</param>
    /// <param name="running">Says what runs when a packet is seen; null when that is not known.</param>
    public GuestCapture(
        IPhysicalMemory memory,
        IReadOnlyList<CaptureDevice> devices,
        Func<IReadOnlyList<CaptureDevice>> find,
        RunningThreads? running = null
    )
    {
        _memory = memory;
        _find = find;
        _running = running;
        Devices = devices;
        _followed = [.. devices.Select(Follow)];
    }

    /// <summary>The devices.</summary>
    public IReadOnlyList<CaptureDevice> Devices { get; }

    /// <summary>Called before each look, for tests.</summary>
    internal Action? Looking { get; init; }

    /// <summary>Captures until the request is met, the guest ends, or the user ends it.</summary>
    /// <param name="request">When to end.</param>
    /// <param name="give">Gets each packet, in the order in which they were seen.</param>
    /// <param name="flush">Called now and then, for what was given to be written out.</param>
    /// <param name="cancellation">The user's wish to end.</param>
    public CaptureResult Run(
        CaptureRequest request,
        Action<CapturedFrame> give,
        Action flush,
        CancellationToken cancellation
    )
    {
        ulong start = Now();
        long given = 0;
        CaptureEnd reason = CaptureEnd.Asked;
        try
        {
            Poll(start);
            request.Started?.Invoke();
            reason = Loop(request, give, flush, ref given, cancellation);
            if (reason != CaptureEnd.Count)
                Poll(Now()); // what came since the last look, long ago on a busy host
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.GuestEnded)
        {
            reason = CaptureEnd.GuestEnded;
        }

        foreach (QueueFollower queue in All())
            queue.Finish(_waiting);

        Release(ulong.MaxValue, request, give, ref given);
        flush();
        return new CaptureResult(
            start,
            Now(),
            reason,
            [.. _followed.Select((item, i) => (Sum(item.Receive, i, true), Sum(item.Transmit, i, false)))],
            [.. All().Concat(_finished).SelectMany(queue => queue.Defects).Distinct()],
            [.. _notes, .. All().Concat(_finished).SelectMany(queue => queue.Notes).Distinct()]
        );
    }

    private CaptureEnd Loop(
        CaptureRequest request,
        Action<CapturedFrame> give,
        Action flush,
        ref long given,
        CancellationToken cancellation
    )
    {
        var watch = Stopwatch.StartNew();
        TimeSpan moved = TimeSpan.Zero;
        TimeSpan flushed = TimeSpan.Zero;
        TimeSpan looked = TimeSpan.Zero;
        bool isWritten = true;
        while (!cancellation.IsCancellationRequested)
        {
            TimeSpan now = watch.Elapsed;
            if (request.Duration <= now)
                return CaptureEnd.Duration;

            Looking?.Invoke();
            bool isMoving = Poll(Now());
            isWritten &= _waiting.Count == 0;
            if (Release(OldestHeld(), request, give, ref given))
                return CaptureEnd.Count;

            if (now - flushed >= s_flush && !isWritten)
            {
                flush();
                (flushed, isWritten) = (now, true);
            }

            if (isMoving)
            {
                moved = now;
                continue;
            }

            bool isQuiet = now - moved >= s_quiet;
            if (now - looked >= s_check && (isQuiet || All().Any(queue => queue.IsSuspicious)))
            {
                try
                {
                    FindAgain(cancellation);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    return CaptureEnd.Asked; // within a walk through the guest's lists
                }

                looked = now;
            }

            ShortSleep.For(isQuiet ? LongPause : ShortPause);
        }

        return CaptureEnd.Asked;
    }

    private bool Poll(ulong time)
    {
        int before = _waiting.Count;
        bool isMoving = false;
        foreach (QueueFollower queue in All())
            isMoving |= queue.Poll(time, _waiting);

        if (_waiting.Count > before && _running?.Describe() is { } text)
        {
            for (int i = before; i < _waiting.Count; i++)
                _waiting[i] = _waiting[i] with { Running = text };
        }

        return isMoving;
    }

    /// <summary>Gives out the packets before a time; true when there are as many as were asked for.</summary>
    private bool Release(ulong limit, CaptureRequest request, Action<CapturedFrame> give, ref long given)
    {
        if (_waiting.Count == 0 || _waiting.TrueForAll(frame => frame.Time >= limit))
            return given >= request.Count;

        CapturedFrame[] sorted = [.. _waiting.OrderBy(frame => frame.Time)]; // stable
        _waiting.Clear();
        foreach (CapturedFrame frame in sorted)
        {
            if (frame.Time >= limit)
                _waiting.Add(frame);
            else if (request.Count is not { } count || given < count)
            {
                give(frame);
                given++;
            }
        }

        return given >= request.Count;
    }

    private ulong OldestHeld()
    {
        ulong oldest = ulong.MaxValue;
        foreach (QueueFollower queue in All())
            oldest = Math.Min(oldest, queue.HeldSince ?? ulong.MaxValue);

        return oldest;
    }

    /// <summary>Looks for queues that are elsewhere now, and for threads that are new.</summary>
    private void FindAgain(CancellationToken cancellation)
    {
        IReadOnlyList<CaptureDevice> found;
        try
        {
            found = _find();
        }
        catch (TargetException exception) when (exception.Problem != TargetProblem.GuestEnded)
        {
            // A QEMU that does not answer in time is no reason to stop reading memory.
            string note = $"the places of the queues could not be asked for again: {exception.Message}";
            if (!_notes.Contains(note))
                _notes.Add(note);

            return;
        }

        for (int i = 0; i < _followed.Count; i++)
        {
            CaptureDevice old = _followed[i].Device;
            if (found.FirstOrDefault(device => device.Name == old.Name) is not { } device || device.IsSameAs(old))
                continue;

            foreach (QueueFollower queue in _followed[i].Receive.Concat(_followed[i].Transmit))
            {
                queue.Finish(_waiting);
                _finished.Add(queue);
            }

            _followed[i] = Follow(device, i);
            _notes.Add(
                $"the guest's driver set the queues of {device.Name} up anew; packets before that may be missing"
            );
        }

        foreach (QueueFollower queue in All())
            queue.Trust();

        if (_running is { IsOld: true })
            _running.Refresh(cancellation);
    }

    private (CaptureDevice, List<QueueFollower>, List<QueueFollower>) Follow(CaptureDevice device, int index) =>
        (
            device,
            [.. device.Receive.Select(queue => new ReceiveFollower(Read(queue, true), device, index))],
            [.. device.Transmit.Select(queue => new TransmitFollower(Read(queue, false), device, index))]
        );

    private VirtqueueRing Read(Virtqueue queue, bool isReceive) => VirtqueueRing.Create(_memory, queue, isReceive);

    private IEnumerable<QueueFollower> All() => _followed.SelectMany(item => item.Receive.Concat(item.Transmit));

    private QueueCounts Sum(List<QueueFollower> queues, int device, bool isReceive)
    {
        QueueCounts counts = default;
        foreach (QueueFollower queue in queues)
            counts = counts.Add(queue.Counts);

        foreach (QueueFollower queue in _finished)
        {
            if (queue.DeviceIndex == device && (queue is ReceiveFollower) == isReceive)
                counts = counts.Add(queue.Counts);
        }

        return counts;
    }

    private static ulong Now() =>
        (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * (ulong)TimeSpan.NanosecondsPerTick;
}
