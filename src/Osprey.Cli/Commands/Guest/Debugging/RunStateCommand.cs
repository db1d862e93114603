using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Execution;

namespace Osprey.Cli.Commands.Guest.Debugging;

// QMP is the better way: it is no debugger, so that it holds nothing, and it knows why the guest stands still. Without
// it, or where another program has it, the gdb stub does the same. A debugger that is connected to the stub thinks that
// it holds the guest; it is named, and the guest is not let run behind its back.

/// <summary>
/// <c>osprey continue</c>, <c>pause</c> and <c>reset</c>: whether the guest runs, until somebody says otherwise.
/// </summary>
internal static class RunStateCommand
{
    private const string Running = "running";
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    public static Command CreateContinue() =>
        Create(
            "continue",
            "Let a guest run that stands still, unless a debugger holds it",
            "osprey continue",
            Verb.Continue
        );

    public static Command CreatePause() =>
        Create("pause", "Stop all vCPUs of the guest until osprey continue", "osprey pause; osprey bt", Verb.Pause);

    public static Command CreateReset() =>
        Create(
            "reset",
            "Reset the machine, as its reset button does: what the guest has not written to its disks is lost",
            "osprey reset --target web",
            Verb.Reset
        );

    private static DocumentedCommand Create(string name, string description, string example, Verb verb)
    {
        var command = new DocumentedCommand(name, description, example);
        var force = new Option<bool>("--force") { Description = "Do it although a debugger is connected" };
        command.Options.Add(force);
        var clear = new Option<bool>("--clear")
        {
            Description = "Remove the breakpoints first that an osprey left in the guest when it was killed",
        };
        var write = new Option<bool>("--write") { Description = "Allow --clear to take them out of the guest" };
        if (verb == Verb.Continue)
            command.AddOptions(clear, write);

        var options = new GuestOptions(command, hasForms: false, hasContext: false);
        command.SetAction(result =>
        {
            bool clears = verb == Verb.Continue && result.GetValue(clear);
            if (clears && !result.GetValue(write))
                throw new UsageException("--clear takes breakpoints out of the guest: allow it with --write");

            return Run(result, options, verb, result.GetValue(force), clears);
        });
        return command;
    }

    private static int Run(ParseResult result, GuestOptions options, Verb verb, bool isForced, bool clears)
    {
        GuestSettings settings = options.ReadSettings(result) with
        {
            Permissions = clears ? TargetPermissions.Execute | TargetPermissions.Write : TargetPermissions.Execute,
        };
        using var interruption = new Interruption();
        GuestSession guest = GuestSession.Open(settings, interruption.Token);
        try
        {
            if (guest.Target.Access == TargetAccess.Core)
                throw new TargetException(TargetProblem.NotSupported, "a core file does not run");

            if (guest.Target.Qemu is { } qemu && StubUser.Find(qemu.Process) is { } user && !isForced)
                throw new CommandFailedException(
                    $"{user} is connected to the guest's gdb stub: say it there, or give --force"
                );

            // A QEMU without QMP that can be asked is reached through its stub.
            if (clears || (guest.Target is QemuTarget live && live.AskRunState() is null))
            {
                guest.Dispose();
                guest = SteeredGuest.Open(settings, interruption.Token);
            }

            using var release = new GuestRelease(guest.Target, interrupts: false);
            string done = Do(guest, verb);
            if (!clears)
                NoteLeft(guest.Target);

            foreach (string note in clears ? guest.Target.Notes : [])
                Messages.Write($"osprey: note: {TerminalText.Escape(note)}");

            Messages.Write($"osprey: {TerminalText.Escape(done)}");
            return ExitCode.Success;
        }
        finally
        {
            guest.Dispose();
        }
    }

    private static string Do(GuestSession guest, Verb verb)
    {
        GuestTarget target = guest.Target;
        bool wasRunning = target.Stub?.WasRunning ?? target.Access == TargetAccess.Live;
        switch (verb)
        {
            case Verb.Pause when !wasRunning:
                return $"{target.Name} stands still already{Why(target)}";
            case Verb.Pause:
                target.Require<IExecutionControl>().Stop();
                target.LeaveAs(runs: false);
                return $"{target.Name} stands still; osprey continue lets it run";
            case Verb.Continue when wasRunning:
                return $"{target.Name} runs already";
            case Verb.Continue:
                string why = Why(target);
                if (target.Stub is null)
                    target.Require<IExecutionControl>().Resume();

                target.LeaveAs(runs: true);
                RequireRunning(target);
                return $"{target.Name} runs again{why}";
            default:
                MachineReset.Do(target);
                return $"{target.Name} was reset{(wasRunning ? "" : "; it stands still")}";
        }
    }

    /// <summary>A breakpoint that is where the guest goes on holds it again at once.</summary>
    private static void RequireRunning(GuestTarget target)
    {
        if (target is not QemuTarget qemu)
            return;

        long start = Stopwatch.GetTimestamp();
        string? state;
        while ((state = qemu.AskRunState()) is not (null or Running))
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience)
                throw new CommandFailedException(
                    $"{target.Name} does not run on: it is {Describe(state)} again{DescribeLeft(CountLeft(qemu))}"
                );

            Thread.Sleep(s_pause);
        }
    }

    private static void NoteLeft(GuestTarget target)
    {
        if (target.Qemu is not { } qemu || CountLeft(qemu) is not (> 0 and var count))
            return;

        Messages.Write(
            target.Stub is { LeavesRunning: true }
                ? $"osprey: note: an osprey that was killed left {DescribeCount(count)}; QEMU takes out what was left "
                    + "when its gdb stub is let go of"
                : $"osprey: note{DescribeLeft(count)}"
        );
    }

    private static int CountLeft(QemuTarget qemu) => SteeredGuest.CountLeftBreakpoints(qemu.Process);

    private static string DescribeLeft(int count) =>
        count == 0
            ? ""
            : $": an osprey that was killed left {DescribeCount(count)}; osprey continue --clear --write "
                + "removes what was left";

    private static string DescribeCount(int count) =>
        count == 1
            ? "a breakpoint in the guest, which stops it"
            : string.Create(CultureInfo.InvariantCulture, $"{count} breakpoints in the guest, which stop it");

    private static string Why(GuestTarget target) =>
        target is QemuTarget qemu && qemu.AskRunState() is { } state and not Running
            ? $" (it was {Describe(state)})"
            : "";

    private static string Describe(string state) => state == "debug" ? "stopped by a breakpoint or debugger" : state;

    private enum Verb
    {
        Continue,
        Pause,
        Reset,
    }
}
