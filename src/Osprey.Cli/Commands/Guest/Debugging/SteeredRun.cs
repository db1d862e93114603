using System.CommandLine;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Debug;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary>One run of a command that steers a guest through its gdb stub.</summary>
/// <remarks>
/// The guest stands still from the beginning. However the command ends, its breakpoints are taken out and the guest is
/// left as it was found, unless the command says otherwise.
/// </remarks>
internal sealed class SteeredRun : IDisposable
{
    private static readonly TimeSpan s_letGoPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_endPatience = TimeSpan.FromMilliseconds(200);

    private readonly AttachedGuest _attached;
    private readonly Interruption _interruption;

    private SteeredRun(AttachedGuest attached, Interruption interruption)
    {
        _attached = attached;
        _interruption = interruption;
        Session = new DebugSession(attached.Session);
    }

    /// <summary>The guest under the debugger.</summary>
    public DebugSession Session { get; }

    /// <summary>The guest.</summary>
    public GuestSession Guest => Session.Guest;

    /// <summary>The output for the answer.</summary>
    public Output Output { get; } = new(paged: false);

    /// <summary>Cancelled by Ctrl-C, SIGTERM and SIGHUP.</summary>
    public CancellationToken Cancellation => _interruption.Token;

    /// <summary>Tells whether the guest ran when it was found.</summary>
    public bool WasRunning => Guest.Target.Stub?.WasRunning ?? false;

    /// <summary>
    /// Has the command bring the guest back itself to where it was found, also after the first signal: see
    /// <see cref="GuestRelease.Defer"/>.
    /// </summary>
    /// <exception cref="OperationCanceledException">A signal came before.</exception>
    public IDisposable BringBack(Action abandon)
    {
        IDisposable deferral = _attached.DeferRelease(abandon);
        if (_interruption.HasCome)
        {
            deferral.Dispose();
            _interruption.Token.ThrowIfCancellationRequested();
        }

        return deferral;
    }

    /// <summary>Runs a command's body.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="options">The command's options.</param>
    /// <param name="writes">Whether the guest may be written.</param>
    /// <param name="body">Does the work; gives the exit code.</param>
    public static int Run(ParseResult result, GuestOptions options, bool writes, Func<SteeredRun, int> body)
    {
        GuestSettings settings = options.ReadSettings(result) with
        {
            Permissions = writes ? TargetPermissions.Execute | TargetPermissions.Write : TargetPermissions.Execute,
        };
        using var interruption = new Interruption();
        using var attached = new AttachedGuest(SteeredGuest.Open(settings, interruption.Token), settings);
        using var run = new SteeredRun(attached, interruption);
        GuestInvocation.Introduce(attached.Session, options.GetInheritedTarget(result) is not null);
        options.RequireTaken(attached.Session.Target);
        if (!run.Session.CanSteer)
            throw new TargetException(
                TargetProblem.StubNeeded,
                attached.Session.Target.Access == TargetAccess.Core
                    ? "a core file does not run"
                    : "the guest can't be steered: its QEMU has no gdb stub that is known"
            );

        try
        {
            int code = body(run);
            run.Output.Flush();
            return interruption.HasCome ? ExitCode.Interrupted : code;
        }
        catch (TargetException exception) when (IsInterruption(interruption, exception))
        {
            return ExitCode.Interrupted; // the signal let go of the guest meanwhile
        }
        catch (FormatException exception)
        {
            throw new CommandFailedException(exception.Message);
        }
        finally
        {
            run.WriteNotes();
        }
    }

    /// <summary>Tells whether a signal is behind a failure.</summary>
    /// <remarks>
    /// Its handlers run one after the other: one lets go of the guest, which fails here at once, and another takes the
    /// signal. Were that one gone by then, the signal would end the program.
    /// </remarks>
    private static bool IsInterruption(Interruption interruption, TargetException failed)
    {
        bool isLetGo = failed.Problem == TargetProblem.LetGo;
        if (isLetGo || failed.Problem == TargetProblem.GuestEnded)
            _ = interruption.Token.WaitHandle.WaitOne(isLetGo ? s_letGoPatience : s_endPatience);

        return interruption.HasCome || isLetGo;
    }

    /// <summary>A thread in a few words, such as "thread 30 (rand_harvestq) on CPU 0".</summary>
    public static string Describe(DebugThread thread) =>
        TerminalText.Escape(
            thread.State is null ? thread.Name
            : thread.Cpu is int cpu ? $"thread {thread.State.Id} ({thread.Name}) on CPU {cpu}"
            : $"thread {thread.State.Id} ({thread.Name})"
        );

    /// <summary>Refuses a stop that nobody asked for.</summary>
    /// <exception cref="TargetException">The guest ended, or was stopped by something else.</exception>
    public static void RequireExpected(DebugStop stop)
    {
        if (stop.Reason == StopReason.Ended)
            throw new TargetException(TargetProblem.GuestEnded, "the guest ended");

        throw new TargetException(
            TargetProblem.NotAnswered,
            $"something else stopped the guest ({stop.Reason.ToString().ToLowerInvariant()}), "
                + $"in {Describe(stop.Thread)}"
        );
    }

    public void Dispose() => Output.Dispose();

    private void WriteNotes()
    {
        foreach (string note in _attached.TakeNotes())
            Messages.Write("osprey: note: " + TerminalText.Escape(note));
    }
}
