using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Debug;
using Osprey.Debug.Faults;
using Osprey.Session.Guests.Code;
using Osprey.Session.Guests.Scripts;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary><c>osprey fault</c>: makes calls of a function fail.</summary>
internal sealed class FaultCommand
{
    private const int MostFrames = 12;

    private readonly Argument<string?> _function = new("function")
    {
        Description = "The function",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string> _return = new("--return")
    {
        Description = "The value that it returns instead of doing anything: a number such as -28, or an expression",
        HelpName = "VALUE",
    };
    private readonly Option<string> _script = new("--script")
    {
        Description = "Several faults, and when they begin: a file with a step on each line, in place of the function",
        HelpName = "FILE",
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
    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Only say what would be done, and whether the functions are there",
    };
    private readonly Option<bool> _write = new("--write")
    {
        Description = "Allow the guest's registers to be written; without this nothing is",
    };
    private readonly GuestOptions _options;

    private FaultCommand(Command command)
    {
        command.Arguments.Add(_function);
        command.AddOptions(_return, _script, _times, _every, _if, _thread, _duration, _dryRun, _write);
        _options = new GuestOptions(command, hasForms: false, hasContext: false) { Write = _write };
        command.SetAction(Run);
    }

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "fault",
            "Make calls of a function fail: it returns a value at once, and does nothing",
            "osprey fault ksys_write --return -28 --every 3 --times 1 --write    # ENOSPC on the third write",
            "osprey fault vfs_open --return 5 --thread httpd --dry-run           # what it would do",
            "osprey fault --script full-disk.fault --write                       # several, in an order"
        );
        _ = new FaultCommand(command);
        return command;
    }

    private int Run(ParseResult result)
    {
        try
        {
            FaultScript script = ReadScript(result);
            TimeSpan duration = LiveOptions.ReadDuration(result, _duration) ?? TimeSpan.FromDays(1);
            bool isDryRun = result.GetValue(_dryRun);
            if (!isDryRun && !result.GetValue(_write))
                throw new TargetException(TargetProblem.NotAllowed, "this makes calls of the guest fail");

            return SteeredRun.Run(
                result,
                _options,
                writes: !isDryRun,
                run => isDryRun ? Check(run, script) : Inject(run, script, duration)
            );
        }
        catch (ScriptException exception)
        {
            throw new CommandFailedException(TerminalText.Escape(exception.Message));
        }
    }

    private FaultScript ReadScript(ParseResult result)
    {
        if (result.GetValue(_times) is < 1 || result.GetValue(_every) is < 1)
            throw new UsageException("--times and --every must be positive");

        string? function = result.GetValue(_function);
        if (result.GetValue(_script) is { } path)
        {
            Option[] others = [_return, _times, _every, _if, _thread];
            if (function is not null || others.Any(option => result.GetResult(option) is not null))
                throw new UsageException(
                    "a script has its own functions, values and conditions; leave out the function, --return, "
                        + "--times, --every, --if and --thread"
                );

            return FaultScript.Load(path);
        }

        if (function is null || result.GetValue(_return) is not { } value)
            throw new UsageException("expected a function with --return VALUE, or --script FILE");

        return FaultScript.Of(
            new FaultRule(function, value)
            {
                Every = result.GetValue(_every),
                Times = result.GetValue(_times),
                Condition = result.GetValue(_if),
                Thread = result.GetValue(_thread) is { Length: > 0 } thread ? thread : null,
            }
        );
    }

    private static int Check(SteeredRun run, FaultScript script)
    {
        var injector = new FaultInjector(run.Session);
        injector.Check(script);
        foreach (FaultStep step in script.Steps)
        {
            if (script.Path is not null)
                WriteStep(run, step);

            if (step is not FaultStep.Begin { Rule: var rule })
                continue;

            NoteInlined(run, rule);
            string where = string.Join(", ", injector.FindPlaces(rule).Select(place => $"0x{place.Address:x}"));
            string name = TerminalText.Escape(rule.Function);
            run.Output.Text.Append($"{name} at {where} would return {Show(injector.ReadValue(rule))}\n");
        }

        return ExitCode.Success;
    }

    private static int Inject(SteeredRun run, FaultScript script, TimeSpan duration)
    {
        long count = 0;
        var injector = new FaultInjector(run.Session);
        injector.Check(script);
        injector.Began += step =>
        {
            if (step is FaultStep.Begin begin)
                NoteInlined(run, begin.Rule);

            if (script.Path is not null)
                WriteStep(run, step);
        };
        injector.Failing += (fault, stop) => WriteCall(run, fault, stop, ++count);
        try
        {
            if (injector.Run(script, duration, run.Cancellation) is { } last)
                SteeredRun.RequireExpected(last);
        }
        finally
        {
            foreach (Fault fault in injector.Faults)
            {
                string name = script.Path is null ? "" : $" of {TerminalText.Escape(fault.Rule.Function)}";
                Messages.Note($"osprey: {fault.Failed} of {fault.Entry.Hits} calls{name} failed");
            }
        }

        return injector.Faults.Any(fault => fault.Failed == 0) ? ExitCode.Failure : ExitCode.Success;
    }

    private static void WriteStep(SteeredRun run, FaultStep step)
    {
        string text = TerminalText.Escape(step.Text);
        run.Output.Text.Append(string.Create(CultureInfo.InvariantCulture, $"line {step.Line}: {text}\n"));
        run.Output.Flush();
    }

    private static void WriteCall(SteeredRun run, Fault fault, DebugStop stop, long number)
    {
        string name = TerminalText.Escape(fault.Rule.Function);
        string thread = SteeredRun.Describe(stop.Thread);
        run.Output.Text.Append(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{number}: {name} returns {Show(fault.Value)} in {thread}, call {fault.Entry.Hits}\n"
            )
        );
        if (stop.Thread.Cpu is int cpu)
            RunUntilCommand.WriteStack(run, cpu, MostFrames);

        run.Output.Flush();
    }

    private static void NoteInlined(SteeredRun run, FaultRule rule)
    {
        int inlined = CodeFinder.FindFunction(run.Guest, rule.Function).Count(place => place.IsInlined);
        if (inlined > 0)
            Messages.Write(
                $"osprey: note: {TerminalText.Escape(rule.Function)} was inlined in {inlined} places, "
                    + "where it can't fail"
            );
    }

    private static string Show(ulong value) =>
        string.Create(CultureInfo.InvariantCulture, $"{unchecked((long)value)} (0x{value:x})");
}
