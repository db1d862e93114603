using System.Diagnostics;
using System.Globalization;
using Osprey.Dap.Breakpoints;
using Osprey.Dap.Motions;
using Osprey.Dap.Protocol;
using Osprey.Dap.Protocol.Bodies;
using Osprey.Dap.Protocol.Requests;
using Osprey.Debug;
using Osprey.Guests;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Dap;

/// <content>Stops, and what ends them.</content>
internal sealed partial class AdapterConversation
{
    /// <summary>The thing that the guest runs for; null while it stands still, or is only looked at.</summary>
    private Motion? _motion;

    /// <summary>The thread that a step ended with, perhaps at a breakpoint that it has not hit.</summary>
    private long? _stoppedThread;

    private void Continue(DapInput request)
    {
        if (_motion is not null)
            throw new TargetException("the guest runs already");

        DebugSession session = Session;
        connection.Respond(request, new ContinueBody { AllThreadsContinued = true }, DapJson.Default.ContinueBody);
        if (session.CanSteer)
            Begin(new FreeRun(session, _stoppedThread));
        else
            LookAgain();
    }

    private void Pause(DapInput request)
    {
        DebugSession session = Session;
        if (_motion is null)
        {
            connection.Respond(request);
            return;
        }

        DebugStop stop = session.Stop();
        _motion.Abandon();
        _motion = null;
        connection.Respond(request);
        if (stop.Reason == StopReason.Breakpoint)
        {
            // It came to a breakpoint at that moment, which need not count.
            DebugThread thread = session.Find(stop.Thread.Number) ?? stop.Thread;
            stop = session.Arrive(thread) ?? stop with { Reason = StopReason.Requested };
        }

        Tell(stop);
    }

    private void Step(DapInput request)
    {
        ThreadArguments arguments = Read(request, DapJson.Default.ThreadArguments);
        RequireStopped();
        if (!Session.CanSteer)
            throw new TargetException("the guest is only looked at: it can't be stepped");

        DebugThread thread = FindThread(arguments.ThreadId);
        bool isOne = arguments.Granularity == "instruction";
        Motion motion = request.Command switch
        {
            "stepIn" when isOne => new InstructionStep(Session, thread.Number),
            "stepIn" => MakeLineStep(thread, StepKind.Into),
            "stepOut" => MakeLineStep(thread, StepKind.Out),
            _ => MakeLineStep(thread, isOne ? StepKind.InstructionOver : StepKind.Over),
        };
        connection.Respond(request);
        Begin(motion);
    }

    private void GoBack(DapInput request)
    {
        ThreadArguments arguments = Read(request, DapJson.Default.ThreadArguments);
        RequireStopped();
        if (!Session.CanGoBack)
            throw new TargetException("the guest can't go backwards: its QEMU does not replay a recording");

        DebugThread thread = FindThread(arguments.ThreadId);
        connection.Respond(request);
        Begin(new BackwardRun(Session, request.Command == "stepBack" ? thread.Number : null));
    }

    private LineStep MakeLineStep(DebugThread thread, StepKind kind) => new(new SourceStep(Session, thread, kind));

    private void Begin(Motion motion)
    {
        _view.Clear();
        _hasResumed |= motion is FreeRun;
        _motion = motion;
        _lastLook = Stopwatch.GetTimestamp();
        try
        {
            if (motion.Start() is { } stop)
                End(stop);
        }
        catch (TargetException failed)
        {
            _motion = null;
            Print($"osprey: {failed.Message}");
            NoticeEnd();
            if (_debuggee is not null)
                TellStopped("pause", failed.Message, Session.Current);
        }
    }

    private void TellStopIfThere()
    {
        try
        {
            if (_motion!.Poll(s_slice) is { } stop)
                End(stop);
        }
        catch (TargetException failed)
        {
            Print($"osprey: {failed.Message}");
            TellEnd();
        }
    }

    private void End(DebugStop stop)
    {
        _motion = null;
        Tell(stop);
    }

    /// <summary>
    /// Does something that the guest must stand still for. One that runs is stopped for that moment, and the client is
    /// not told of it.
    /// </summary>
    private void WithStopped(Action action)
    {
        if (_motion is not { } motion)
        {
            action();
            return;
        }

        DebugStop between = Session.Stop();
        if (between.Reason == StopReason.Ended)
        {
            End(between);
            throw new TargetException("the guest ended");
        }

        try
        {
            action();
        }
        finally
        {
            if ((JudgeBetween(motion, between) ?? motion.Start()) is { } end)
                End(end);
        }
    }

    /// <summary>The guest may have been about to stop anyway when it was stopped for a moment.</summary>
    private DebugStop? JudgeBetween(Motion motion, DebugStop between)
    {
        if (between.Reason == StopReason.Requested)
            return null;

        if (between.Reason != StopReason.Breakpoint)
            return motion.Judge(between);

        DebugThread thread = Session.Find(between.Thread.Number) ?? between.Thread;
        if (Session.Arrive(thread) is { } hit)
            return motion.Judge(hit);

        return motion is FreeRun ? null : motion.Judge(between);
    }

    private void RequireStopped()
    {
        if (_motion is not null)
            throw new TargetException("notStopped");
    }

    private void Tell(DebugStop stop)
    {
        if (stop.Reason == StopReason.Ended)
        {
            TellEnd();
            return;
        }

        if (Session.Guest.Identity == GuestIdentity.Unknown)
            Session.LookAgain(); // its system may have started since

        TellVerified();
        DebugThread thread = Session.Find(stop.Thread.Number) ?? stop.Thread;
        _stoppedThread = stop.Reason == StopReason.Step ? thread.Number : null;
        (string reason, string? description, IReadOnlyList<int>? hit) = Explain(stop);
        TellStopped(reason, description, thread, hit);
    }

    private void TellStopped(
        string reason,
        string? description,
        DebugThread thread,
        IReadOnlyList<int>? breakpoints = null
    )
    {
        TellNotes();
        connection.Tell(
            "stopped",
            new StoppedBody
            {
                Reason = reason,
                Description = description,
                ThreadId = ToId(thread.Number),
                AllThreadsStopped = true,
                HitBreakpointIds = breakpoints is { Count: > 0 } ? breakpoints : null,
            },
            DapJson.Default.StoppedBody
        );
    }

    private (string Reason, string? Description, IReadOnlyList<int>? Breakpoints) Explain(DebugStop stop)
    {
        switch (stop.Reason)
        {
            case StopReason.Step:
                return ("step", null, null);
            case StopReason.Requested:
                return ("pause", null, null);
            case StopReason.RecordingBegins:
                return ("entry", "the recording begins here", null);
            case StopReason.Watchpoint or StopReason.Breakpoint:
                ClientBreakpoint? hit = stop.Breakpoint is { } taken ? _breakpoints.Find(taken) : null;
                string? touched = stop.Watch is { } watch
                    ? string.Create(CultureInfo.InvariantCulture, $"0x{watch.Address:x} was touched")
                    : null;
                string usual = touched is null ? "breakpoint" : "data breakpoint";
                return (hit?.Reason ?? usual, stop.Problem ?? touched, hit is null ? null : [hit.Id]);
            default:
                return ("pause", "stopped by somebody else", null);
        }
    }

    private void LookAgain()
    {
        _view.Clear();
        bool isCore = Session.Guest.Target.Access == TargetAccess.Core;
        if (!isCore)
            Session.LookAgain();

        TellStopped("pause", isCore ? "a core file does not run" : "looked at anew", Session.Current);
    }

    private DebugThread FindThread(int id) =>
        Session.Find(id)
        ?? throw new TargetException(
            TargetProblem.NoSuchThread,
            string.Create(CultureInfo.InvariantCulture, $"there is no thread {id}")
        );

    private static int ToId(long number) => unchecked((int)number);
}
