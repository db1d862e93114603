using System.Diagnostics;
using System.Globalization;

namespace Osprey.Target.Backends.Qemu.Block;

/// <content>Breakpoints: set, waited for, let go.</content>
public sealed partial class BlockDebugger
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan s_resumeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Sets a breakpoint: the next request of a drive that comes to an event is suspended there, alone; others go on.
    /// </summary>
    /// <param name="driveName">The drive.</param>
    /// <param name="eventName">The event.</param>
    /// <param name="tag">A name for the breakpoint, that no other one at this QEMU has.</param>
    /// <exception cref="TargetException">There is no such drive or event, the drive has no filter, ...</exception>
    /// <exception cref="IOException">It can't be noted; nothing was done.</exception>
    public BlockBreakpoint Break(string driveName, string eventName, string tag)
    {
        if (!BlockBreakpoint.IsTag(tag))
            throw new TargetException(
                $"'{tag}' is no tag: expected at most 40 letters, digits and any of the characters . _ -"
            );

        BlockGraph graph = ReadGraph();
        BlockDrive drive = graph.FindDrive(driveName);
        if (graph.FindFilter(drive) is null)
            throw new TargetException(TargetProblem.NoBlockFilter, $"drive {drive.Name} has no blkdebug filter");

        RequireEvent(eventName);
        if (eventName == "none")
            throw new TargetException("\"none\" is no event that a request comes to: it is for errors alone");

        var breakpoint = BlockBreakpoint.Create(tag, eventName, drive.Name);
        bool isTaken = false;
        _journal.Change(noted =>
        {
            isTaken = noted.Find(tag) is not null;
            return isTaken ? noted : noted.With(breakpoint);
        });
        if (isTaken)
            throw new TargetException($"there is a breakpoint '{tag}' already");

        Set(drive, breakpoint);
        return breakpoint;
    }

    /// <summary>Waits until a breakpoint holds a request.</summary>
    /// <param name="tag">The breakpoint's tag.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <exception cref="TargetException">There is no such breakpoint, nothing came in time, or QEMU ended.</exception>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public void Wait(string tag, TimeSpan timeout)
    {
        BlockBreakpoint breakpoint = _journal.Read().Find(tag) ?? throw NoBreakpoint(tag);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            long looked = Stopwatch.GetTimestamp();
            if (
                _suspended.MayHaveCome(breakpoint.QemuTag)
                && _suspended.Find(_cancellation).Contains(breakpoint.QemuTag)
            )
                return;

            if (!_process.IsAlive())
                throw new TargetException(
                    TargetProblem.GuestEnded,
                    $"the guest ended: qemu pid {_process.ProcessId} does not run any more"
                );

            TimeSpan waited = Stopwatch.GetElapsedTime(start);
            if (waited >= timeout)
                throw new TargetException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"no request came to {breakpoint.Event} of {breakpoint.Drive} within {timeout.TotalSeconds} s"
                    )
                );

            // A search takes the host's time: no more than a third of it is spent so.
            TimeSpan pause = Stopwatch.GetElapsedTime(looked) * 2;
            pause = pause > s_poll ? pause : s_poll;
            TimeSpan left = timeout - waited;
            if (_cancellation.WaitHandle.WaitOne(pause < left ? pause : left))
                _cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Lets the request go on that a breakpoint holds. The breakpoint is gone then.</summary>
    /// <param name="tag">The breakpoint's tag.</param>
    /// <exception cref="TargetException">There is no such breakpoint, or it holds none; it stays then.</exception>
    public void Resume(string tag)
    {
        BlockBreakpointStatus breakpoint =
            ReadStatus().Breakpoints.FirstOrDefault(item => item.Breakpoint.Tag == tag) ?? throw NoBreakpoint(tag);
        if (breakpoint.IsSuspended == false)
            throw new TargetException(
                $"'{tag}' holds no request: nothing has come to {breakpoint.Breakpoint.Event} of "
                    + $"{breakpoint.Breakpoint.Drive} yet"
            );

        LetGo(ReadGraph(), [breakpoint]);
    }

    /// <summary>Lets all requests go on, and takes all breakpoints out.</summary>
    /// <returns>The breakpoints, as they were before.</returns>
    /// <exception cref="TargetException">QEMU can't be asked, or a request does not go on.</exception>
    public IReadOnlyList<BlockBreakpointStatus> ResumeAll() => LetGo(_ => true);

    /// <summary>
    /// Lets the requests go on that some breakpoints hold, and takes those out that hold none.
    /// </summary>
    /// <param name="isMeant">Tells whether a breakpoint is meant.</param>
    /// <returns>The breakpoints, as they were before.</returns>
    /// <exception cref="TargetException">QEMU can't be asked, or a request does not go on.</exception>
    public IReadOnlyList<BlockBreakpointStatus> LetGo(Func<BlockBreakpoint, bool> isMeant)
    {
        BlockBreakpointStatus[] meant = [.. ReadStatus().Breakpoints.Where(item => isMeant(item.Breakpoint))];
        if (meant.Length > 0)
            LetGo(ReadGraph(), meant);

        return meant;
    }

    /// <summary>Takes breakpoints out, whether or not they hold a request, and waits until none does.</summary>
    private void LetGo(BlockGraph graph, IReadOnlyList<BlockBreakpointStatus> breakpoints)
    {
        foreach ((BlockBreakpoint breakpoint, bool? isSuspended) in breakpoints)
        {
            // QEMU complains of remove_break where it lets a request go, though it does. A breakpoint whose drive
            // nobody noted is taken out wherever it is.
            foreach (BlockDrive drive in graph.Drives)
            {
                bool isThere = breakpoint.Drive.Length == 0 || drive.Name == breakpoint.Drive;
                if (isThere && drive.Address.Length > 0 && graph.FindFilter(drive) is not null)
                    _qmp.RunIo(
                        drive.Address,
                        $"{(isSuspended == true ? "resume" : "remove_break")} {breakpoint.QemuTag}"
                    );
            }
        }

        HashSet<string> left = [.. breakpoints.Select(item => item.Breakpoint.QemuTag)];
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            left.IntersectWith(FindSuspended() ?? new HashSet<string>());
            if (left.Count == 0)
                break;

            if (Stopwatch.GetElapsedTime(start) > s_resumeTimeout)
                throw new TargetException(
                    $"the request that '{BlockBreakpoint.FindTag(left.First())}' holds does not go on"
                );

            Thread.Sleep(s_poll);
        }

        _journal.Change(noted =>
            breakpoints.Aggregate(noted, (state, item) => state.WithoutBreakpoint(item.Breakpoint.QemuTag))
        );
    }

    private IReadOnlySet<string>? FindSuspended()
    {
        try
        {
            return _suspended.Find(_cancellation);
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.MemoryNotPermitted)
        {
            return null; // QEMU was told, and no more can be known
        }
    }

    private void Set(BlockDrive drive, BlockBreakpoint breakpoint)
    {
        if (drive.Address.Length == 0)
            throw new TargetException($"no device of the guest has drive {drive.Name}: no request can come");

        _qmp.RunIo(drive.Address, $"break {breakpoint.Event} {breakpoint.QemuTag}");
    }

    private void RequireEvent(string name)
    {
        IReadOnlyList<string> events = ReadEvents();
        if (events.Count == 0 ? BlockEvents.Get(name).Meaning.Length > 0 : events.Contains(name))
            return;

        throw new TargetException(TargetProblem.NoSuchBlockEvent, $"this QEMU has no event '{name}'");
    }

    private static TargetException NoBreakpoint(string tag) =>
        new(TargetProblem.NoSuchBlockBreakpoint, $"there is no breakpoint '{tag}'");
}
