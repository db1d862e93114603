using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Debug;
using Osprey.Debug.Breakpoints;
using Osprey.Debug.Calls;
using Osprey.Session.Answers;

namespace Osprey.Cli.Commands.Guest.Debugging;

/// <summary><c>osprey trace-calls</c>: the calls of functions as they happen, without anything in the guest.</summary>
internal sealed class TraceCallsCommand
{
    private static readonly Shape<CallArgument> s_value = new Shape<CallArgument>("values")
        .Text("name", value => value.Name)
        .Text("text", value => value.Text)
        .Address("bits", value => value.Bits);
    private static readonly Shape<TracedCall> s_call = new Shape<TracedCall>("calls")
        .Text("kind", call => call.IsReturn ? "return" : "call")
        .Text("function", call => call.Function)
        .Number("seconds", call => call.Time.TotalSeconds)
        .Integer("cpu", call => call.Cpu)
        .Unsigned("thread", call => call.Thread.State?.Id)
        .Text("threadName", call => call.Thread.Name)
        .Integer("depth", call => call.Depth)
        .Address("returnAddress", call => call.ReturnAddress)
        .Number("duration", call => call.Duration?.TotalSeconds)
        .Records("values", call => call.Values, () => s_value);

    private readonly Argument<string[]> _functions = new("function")
    {
        Description = "Functions, by name, FILE:LINE or address",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<bool> _arguments = new("--args") { Description = "Show the arguments of each call" };
    private readonly Option<bool> _returns = new("--return")
    {
        Description = "Show each return, with the result and the duration",
    };
    private readonly Option<int?> _depth = new("--depth")
    {
        Description = "Show at most so many traced calls within each other",
        HelpName = "N",
    };
    private readonly Option<string> _thread = new("--thread")
    {
        Description = "Only calls of this thread: its number, or its name, in which * stands for any text",
        HelpName = "THREAD",
    };
    private readonly Option<string> _if = new("--if")
    {
        Description = "Only calls where this expression is not 0; it may name parameters and registers",
        HelpName = "EXPRESSION",
    };
    private readonly Option<string> _duration = new("--duration")
    {
        Description = "End after this time, such as 10s; otherwise at Ctrl-C",
        HelpName = "TIME",
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Write a tracefile for osprey trace instead",
        HelpName = "FILE",
    };
    private readonly GuestOptions _options;

    private TraceCallsCommand(Command command)
    {
        command.Arguments.Add(_functions);
        command.AddOptions(_arguments, _returns, _depth, _thread, _if, _duration, _output);
        _options = new GuestOptions(command, hasContext: false);
        command.SetAction(Run);
    }

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "trace-calls",
            "Print the calls of functions as they happen, with arguments, results and durations",
            "osprey trace-calls vfs_open --args --return",
            "osprey trace-calls mutex_lock mutex_unlock --thread 46 --duration 10s",
            "osprey trace-calls vfs_write --args --return --output calls.trace; osprey trace summary calls.trace"
        );
        _ = new TraceCallsCommand(command);
        return command;
    }

    private int Run(ParseResult result)
    {
        if (result.GetValue(_depth) is < 1)
            throw new UsageException("--depth must be positive");

        string? path = result.GetValue(_output);
        if (path is not null && _options.IsJson(result))
            throw new UsageException("choose one of --json and --output");

        TimeSpan? duration = LiveOptions.ReadDuration(result, _duration);
        var wishes = new CallTraceOptions
        {
            ReadsArguments = result.GetValue(_arguments) || path is not null,
            FollowsReturns = result.GetValue(_returns) || path is not null,
            MaxDepth = result.GetValue(_depth),
            Condition = result.GetValue(_if),
            Thread = result.GetValue(_thread) is { Length: > 0 } thread ? ThreadChoice.Parse(thread) : null,
        };
        return SteeredRun.Run(
            result,
            _options,
            writes: false,
            run => Trace(run, result, wishes, path, duration ?? TimeSpan.FromDays(1))
        );
    }

    private int Trace(SteeredRun run, ParseResult result, CallTraceOptions wishes, string? path, TimeSpan duration)
    {
        var tracer = new CallTracer(run.Session, result.GetValue(_functions)!, wishes);
        foreach ((string name, DebugBreakpoint entry) in tracer.Functions)
        {
            if (entry.Places.Count > 1)
                Messages.Note($"osprey: {TerminalText.Escape(name)} is in {entry.Places.Count} places");
        }

        using CallFile? file = path is null ? null : CallFile.Create(path, tracer);
        long calls = 0;
        DebugStop? last = tracer.Run(
            call =>
            {
                calls += call.IsReturn ? 0 : 1;
                if (file is not null)
                    file.Write(call);
                else if (_options.IsJson(result))
                    JsonAnswers.Write(run.Output, s_call, call);
                else
                    WriteText(call, run.Output);

                run.Output.Flush();
                return true;
            },
            duration,
            run.Cancellation
        );
        if (file?.Complete(tracer.Ran, run.Guest.Symbols) is { Named: 0, Callers: > 0 })
            Messages.Write("osprey: note: no caller has a name: the guest's symbols are not known");

        Messages.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"osprey: {calls} calls; times are of the host's clock, without those in which the guest stood still"
            )
        );
        if (tracer.Forgotten > 0)
            Messages.Write($"osprey: note: the ends of {tracer.Forgotten} calls were not seen: too many were open");

        if (last is not null)
            SteeredRun.RequireExpected(last);

        return ExitCode.Success;
    }

    private static void WriteText(TracedCall call, Output output)
    {
        string values = string.Join(", ", call.Values.Select(one => $"{one.Name}={one.Text}"));
        string what = call.IsReturn ? FormatReturn(call) : $"{call.Function}({values})";
        output.Text.Append(
            TerminalText.Escape(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{call.Time.TotalSeconds, 11:F6} {call.Cpu, 2} {call.Thread.State?.Id, 5} {call.Thread.Name, -15} "
                )
                    + new string(' ', Math.Min(call.Depth, 40) * 2)
                    + what
            ) + "\n"
        );
    }

    private static string FormatReturn(TracedCall call)
    {
        string result = call.Values is [{ } one, ..] ? one.Text : "void";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{call.Function} = {result}  ({call.Duration!.Value.TotalMicroseconds:F0} us)"
        );
    }
}
