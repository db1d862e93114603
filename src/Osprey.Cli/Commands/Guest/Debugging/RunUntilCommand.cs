using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Debug;
using Osprey.Debug.Breakpoints;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Completion;
using Osprey.Session.Guests.Stacks;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Execution;
using Osprey.Target.Unwinding;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary><c>osprey run-until</c>: lets a guest run to a place, and shows it there.</summary>
internal sealed class RunUntilCommand
{
    private readonly Argument<string> _location = new("location")
    {
        Description = "A function, FILE:LINE, an address (0x1000, function+0x10) or *EXPRESSION",
    };
    private readonly Option<bool> _reset = new("--reset")
    {
        Description = "Reset the machine first, with a hardware breakpoint set: for code that runs at boot",
    };
    private readonly Option<bool> _hardware = new("--hardware")
    {
        Description = "Use a hardware breakpoint: for code that is not in memory yet, under KVM",
    };
    private readonly Option<string> _while = new("--while")
    {
        Description =
            "Count a stop only while memory there begins with these bytes (hexadecimal), where several programs "
            + "use one place at different times",
        HelpName = "BYTES",
    };
    private readonly Option<string> _if = new("--if")
    {
        Description = "Count a stop only where this expression is not 0; it may name parameters and registers",
        HelpName = "EXPRESSION",
    };
    private readonly Option<string> _thread = new("--thread")
    {
        Description = "Count a stop only of this thread: its number, or its name, in which * stands for any text",
        HelpName = "THREAD",
    };
    private readonly Option<int?> _cpu = new("--cpu")
    {
        Description = "Count a stop only on this vCPU, from 0",
        HelpName = "N",
    };
    private readonly Option<long> _ignore = new("--ignore") { Description = "Pass so many stops", HelpName = "N" };
    private readonly Option<bool> _backtrace = new("--bt") { Description = "Show the stack there" };
    private readonly Option<string[]> _print = new("--print")
    {
        Description = "Show the value of an expression there; may be repeated",
        HelpName = "EXPRESSION",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<bool> _stop = new("--stop")
    {
        Description = "Leave the guest stopped there; otherwise it goes on, also one that stood still before",
    };
    private readonly Option<string> _timeout = new("--timeout")
    {
        Description = "Give up after this time, such as 10s",
        HelpName = "TIME",
    };
    private readonly GuestOptions _options;

    private RunUntilCommand(Command command)
    {
        command.Arguments.Add(_location);
        command.AddOptions(_reset, _hardware, _while, _if, _thread, _cpu, _ignore, _backtrace, _print, _stop, _timeout);
        _options = new GuestOptions(command, hasForms: false, hasContext: false);
        command.SetAction(Run);
    }

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "run-until",
            "Let the guest run until it comes to a function, line or address, and show it there",
            "osprey run-until vfs_open --bt                     # then it goes on",
            "osprey run-until fs/read_write.c:600 --if 'count > 4096' --print count --timeout 30s",
            "osprey run-until start_kernel --reset --stop       # early boot: it stays stopped there",
            "osprey run-until 0x100000 --reset --while fcfa     # the kernel's code, not what was there before it"
        );
        _ = new RunUntilCommand(command);
        return command;
    }

    private int Run(ParseResult result)
    {
        if (result.GetValue(_ignore) < 0 || result.GetValue(_cpu) is < 0)
            throw new UsageException("--ignore and --cpu must not be negative");

        TimeSpan? timeout = LiveOptions.ReadDuration(result, _timeout);
        BreakpointSettings settings = ReadSettings(result);
        return SteeredRun.Run(
            result,
            _options,
            writes: false,
            run =>
            {
                DebugBreakpoint breakpoint = run.Session.Add(settings);
                if (result.GetValue(_reset))
                    RequireSamePlaceAfterReset(run.Guest, breakpoint, result.GetValue(_location)!);

                run.Session.LooksWhileRunning = true;
                if (breakpoint.Problem is { } problem)
                {
                    string near = new GuestNames(run.Guest).Suggest(settings.Location.ToString());
                    string what = near.Length == 0 ? $"{problem}; it" : $"{problem}{near} It";
                    Messages.Write($"osprey: note: {TerminalText.Escape(what)} is waited for");
                }

                if (result.GetValue(_reset))
                {
                    MachineReset.Do(run.Guest.Target);
                    run.Session.LookAgain();
                }

                return WaitFor(run, result, breakpoint, timeout ?? TimeSpan.FromDays(1));
            }
        );
    }

    /// <summary>A name stands for where the kernel is now; after a reset nothing would ever come there.</summary>
    private static void RequireSamePlaceAfterReset(GuestSession guest, DebugBreakpoint breakpoint, string location)
    {
        bool isNamed = !char.IsAsciiDigit(location.TrimStart()[0]);
        ulong kernel = guest.Identity.KernelAddress;
        if (isNamed && guest.Os.MovesAtBoot && breakpoint.Places.Any(place => place.Address >= kernel))
            throw new CommandFailedException(
                $"{TerminalText.Escape(location)}: the kernel moved itself when it booted (KASLR), and will be "
                    + "elsewhere after a reset: start the guest with nokaslr, or name an address"
            );
    }

    private BreakpointSettings ReadSettings(ParseResult result)
    {
        try
        {
            bool isHardware = result.GetValue(_hardware) || result.GetValue(_reset);
            return new BreakpointSettings(BreakpointLocation.Parse(result.GetValue(_location)!))
            {
                Kind = isHardware ? BreakpointKind.Hardware : BreakpointKind.Software,
                Condition = result.GetValue(_if),
                Thread = result.GetValue(_thread) is { } thread ? ThreadChoice.Parse(thread) : null,
                Cpu = result.GetValue(_cpu),
                Hit = result.GetValue(_ignore) is > 0 and long ignored ? HitCondition.After(ignored) : null,
                Bytes = result.GetValue(_while) is { } bytes ? ParseBytes(bytes) : default,
            };
        }
        catch (FormatException malformed)
        {
            throw new UsageException(malformed.Message);
        }
    }

    private static byte[] ParseBytes(string text)
    {
        string digits = text.Replace(" ", "", StringComparison.Ordinal);
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        return digits.Length is > 0 and <= 128 && digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(digits)
            : throw new FormatException($"--while: '{text}' is no row of bytes such as 554889e5");
    }

    private int WaitFor(SteeredRun run, ParseResult result, DebugBreakpoint breakpoint, TimeSpan timeout)
    {
        DebugSession session = run.Session;
        long start = Stopwatch.GetTimestamp();
        session.Resume();
        DebugStop? stop = null;
        while (stop is null && !run.Cancellation.IsCancellationRequested)
        {
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                break;

            stop = session.WaitForStop(left < s_slice ? left : s_slice);
            if (stop is null && !session.IsRunning && !run.Cancellation.IsCancellationRequested)
                throw new TargetException(TargetProblem.GuestEnded, "the guest can't be reached any more");
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        string passed = DescribePassed(session.PassedHits, elapsed);
        if (stop is null)
        {
            if (run.Cancellation.IsCancellationRequested)
                return ExitCode.Interrupted;

            string never = breakpoint.IsPending ? "it is not known in the guest" : "the guest did not come there";
            throw new CommandFailedException(
                $"{TerminalText.Escape(breakpoint.Settings.Location.ToString()!)}: {never} within "
                    + $"{timeout.TotalSeconds:0.###} s{passed}"
            );
        }

        if (stop.Breakpoint != breakpoint)
            SteeredRun.RequireExpected(stop);

        Show(run, result, stop, $"after {elapsed.TotalSeconds:F3} s{passed}");
        session.Remove(breakpoint);
        run.Guest.Target.LeaveAs(runs: !result.GetValue(_stop));
        if (stop.Problem is { } problem)
            throw new CommandFailedException(TerminalText.Escape(problem));

        return ExitCode.Success;
    }

    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(200);

    private static string DescribePassed(long passed, TimeSpan elapsed) =>
        passed == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $", {passed} stops did not count ({passed / elapsed.TotalSeconds:F0} a second)"
            );

    private void Show(SteeredRun run, ParseResult result, DebugStop stop, string when)
    {
        ulong? pc = stop.Thread.ReadRegisters()?.CodeAddress;
        CodePlace? place = stop.Breakpoint?.Places.FirstOrDefault(one => one.Address == pc);
        string source = place is { File: { } file, Line: int line } ? $" at {file}:{line}" : "";
        string name = place?.Name ?? (pc is ulong known ? run.Guest.NameAddress(known) : null) ?? "??";
        run.Output.Text.Append(
            TerminalText.Escape(string.Create(CultureInfo.InvariantCulture, $"0x{pc:x16} {name}{source}, "))
                + $"{SteeredRun.Describe(stop.Thread)}, {when}\n"
        );
        if (stop.Thread.Cpu is not int cpu)
            return;

        foreach (string text in result.GetValue(_print) ?? [])
            run.Output.Text.Append(TerminalText.Escape($"{text} = {Evaluate(run, cpu, text)}") + "\n");

        if (result.GetValue(_backtrace))
            WriteStack(run, cpu);

        run.Output.Flush();
    }

    private static string Evaluate(SteeredRun run, int cpu, string text)
    {
        try
        {
            return ValueText.Format(run.Guest.GetCpu(cpu).ReadFrame(0).Evaluate(text));
        }
        catch (ExpressionException failed)
        {
            return $"<{failed.Message}>";
        }
    }

    /// <summary>Writes the stack of a vCPU of a guest that stands still.</summary>
    public static void WriteStack(SteeredRun run, int cpu, int frames = int.MaxValue)
    {
        IReadOnlyList<CpuStack> stacks = new GuestStacks(run.Guest).Read([cpu], UnwinderOptions.Default, pauses: false);
        foreach (StackAnswer.Stack stack in new StackAnswer(run.Guest, stacks, false, frames).Stacks)
            StackText.WriteFrames(stack.Rows, stack.Backtrace, run.Output);
    }
}
