using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Debug;
using Osprey.Debug.Breakpoints;
using Osprey.Debug.Calls;
using Osprey.Session.Guests.Code;
using Osprey.Values.Expressions;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary><c>osprey fault</c>: makes calls of a function fail.</summary>
internal sealed class FaultCommand
{
    private const int MostFrames = 12;

    private readonly Argument<string> _function = new("function") { Description = "The function" };
    private readonly Option<string> _return = new("--return")
    {
        Description = "The value that it returns instead of doing anything: a number such as -28, or an expression",
        HelpName = "VALUE",
        Required = true,
    };
    private readonly Option<long?> _times = new("--times")
    {
        Description = "End after so many calls that failed",
        HelpName = "N",
    };
    private readonly Option<long?> _every = new("--every")
    {
        Description = "Let only each Nth call fail",
        HelpName = "N",
    };
    private readonly Option<string> _if = new("--if")
    {
        Description = "Only calls where this expression is not 0; it may name parameters and registers",
        HelpName = "EXPRESSION",
    };
    private readonly Option<string> _thread = new("--thread")
    {
        Description = "Only calls of this thread: its number, or its name, in which * stands for any text",
        HelpName = "THREAD",
    };
    private readonly Option<string> _duration = new("--duration")
    {
        Description = "End after this time, such as 10s; otherwise at Ctrl-C",
        HelpName = "TIME",
    };
    private readonly Option<bool> _write = new("--write")
    {
        Description = "Allow the guest's registers to be written; without this nothing is",
    };
    private readonly GuestOptions _options;

    private FaultCommand(Command command)
    {
        command.Arguments.Add(_function);
        command.AddOptions(_return, _times, _every, _if, _thread, _duration, _write);
        _options = new GuestOptions(command, hasForms: false, hasContext: false);
        command.SetAction(Run);
    }

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "fault",
            "Make calls of a function fail: it returns a value at once, and does nothing",
            "osprey fault ksys_write --return -28 --every 3 --times 1 --write    # ENOSPC on the third write",
            "osprey fault vfs_open --return 5 --thread httpd                     # what it would do"
        );
        _ = new FaultCommand(command);
        return command;
    }

    private int Run(ParseResult result)
    {
        if (result.GetValue(_times) is < 1 || result.GetValue(_every) is < 1)
            throw new UsageException("--times and --every must be positive");

        TimeSpan? duration = LiveOptions.ReadDuration(result, _duration);
        var settings = new BreakpointSettings(new BreakpointLocation.Function(result.GetValue(_function)!))
        {
            OnlyCompiled = true,
            Condition = result.GetValue(_if),
            Thread = result.GetValue(_thread) is { Length: > 0 } thread ? ThreadChoice.Parse(thread) : null,
            Hit = result.GetValue(_every) is { } every
                ? HitCondition.Parse(string.Create(CultureInfo.InvariantCulture, $"%{every}"))
                : null,
        };
        return SteeredRun.Run(
            result,
            _options,
            result.GetValue(_write),
            run => Inject(run, result, settings, duration ?? TimeSpan.FromDays(1))
        );
    }

    private int Inject(SteeredRun run, ParseResult result, BreakpointSettings settings, TimeSpan duration)
    {
        ulong value = ReadValue(run, result.GetValue(_return)!);
        DebugBreakpoint entry = run.Session.Add(settings);
        string name = TerminalText.Escape(result.GetValue(_function)!);
        if (entry.IsPending)
            throw new CommandFailedException($"the guest has no function '{name}'");

        int inlined = CodeFinder.FindFunction(run.Guest, result.GetValue(_function)!).Count(place => place.IsInlined);
        if (inlined > 0)
            Messages.Write($"osprey: note: {name} was inlined in {inlined} places, where it can't fail");

        string shown = string.Create(CultureInfo.InvariantCulture, $"{unchecked((long)value)} (0x{value:x})");
        if (!result.GetValue(_write))
        {
            string where = string.Join(", ", entry.Places.Select(place => $"0x{place.Address:x}"));
            run.Output.Text.Append($"{name} at {where} would return {shown}; nothing is done without --write\n");
            return ExitCode.Success;
        }

        long count = 0;
        DebugStop? last = new FaultInjector(run.Session, value).Run(
            entry,
            stop =>
            {
                count++;
                run.Output.Text.Append(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{count}: {name} returns {shown} in {SteeredRun.Describe(stop.Thread)}, call {entry.Hits}\n"
                    )
                );
                if (stop.Thread.Cpu is int cpu)
                    RunUntilCommand.WriteStack(run, cpu, MostFrames);

                run.Output.Flush();
                return result.GetValue(_times) is not { } times || count < times;
            },
            duration,
            run.Cancellation
        );
        if (last is not null)
            SteeredRun.RequireExpected(last);

        Messages.Note($"osprey: {count} of {entry.Hits} calls failed");
        return count > 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static ulong ReadValue(SteeredRun run, string text)
    {
        try
        {
            return run.Guest.Vcpu.Evaluate(text).TryGetInt64(out long value)
                ? unchecked((ulong)value)
                : throw new CommandFailedException($"--return: '{TerminalText.Escape(text)}' is no integer");
        }
        catch (ExpressionException failed)
        {
            throw new CommandFailedException($"--return: {failed.Message}");
        }
    }
}
