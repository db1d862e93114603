using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Rest.Answers;
using Osprey.Cli.Commands.Trace.Control;
using Osprey.Cli.Commands.Trace.Live;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Rest.Connection;
using Osprey.Rest.Counters;
using Osprey.Rest.Tracepoints;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Rest;

/// <summary>
/// <c>osprey trace count</c>: how often tracepoints of a running guest are hit, without recording them.
/// </summary>
internal sealed class CountCommand
{
    private readonly TracepointOptions _tracepoints;
    private readonly RestOptions _guest;
    private readonly Option<string> _interval = new("--interval", "-i")
    {
        Description = "Time between two rows [s, or with a unit: ms s m]",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "2s",
    };
    private readonly Option<int?> _iterations = new("--iterations", "-n")
    {
        Description = "End after so many rows (default: at Ctrl-C)",
        HelpName = "N",
    };
    private readonly Option<bool> _start = new("--start")
    {
        Description = "Only start the counters, and leave them running",
    };
    private readonly Option<bool> _read = new("--read") { Description = "Only show the counters that run" };
    private readonly Option<bool> _stop = new("--stop")
    {
        Description = "Only stop counters, all when no pattern is given, and show them a last time",
    };

    private readonly Option<string> _duration = new("--duration")
    {
        Description = "With --target: end after this time [s, or with a unit: ms s m h]",
        HelpName = "DURATION",
    };
    private readonly GuestInstead _memory;

    private CountCommand(Command command)
    {
        _tracepoints = new TracepointOptions(command, whenNone: "needed except with --read, --stop and --target");
        _guest = new RestOptions(command);
        command.Options.Add(_interval);
        command.Options.Add(_iterations);
        command.Options.Add(_start);
        command.Options.Add(_read);
        command.Options.Add(_stop);
        command.Options.Add(_duration);
        _memory = new GuestInstead(command, _guest, _tracepoints.Json);
        command.Validators.Add(result =>
        {
            if (new[] { _start, _read, _stop }.Count(option => result.GetValue(option)) > 1)
                result.AddError("--start, --read and --stop exclude each other");
        });
    }

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "count",
            "Show how often tracepoints of a running guest are hit in a second; the counters that it starts "
                + "are stopped at its end",
            "osprey trace count vfs_open vfs_close                 # a row every 2 seconds until Ctrl-C",
            "osprey trace count 'net_packet_*' --interval 500ms --iterations 10",
            "osprey trace count sched_switch --start               # and later: osprey trace count --read, --stop",
            "osprey trace count --target web --duration 10s        # no REST server: those that are enabled"
        );
        var count = new CountCommand(command);
        RestInvocation.SetAction(
            command,
            result => count._guest.Read(result),
            count._tracepoints.IsJson,
            count.RunAsync,
            instead: count.RunInstead
        );
        return command;
    }

    /// <summary>Counts by the samples in the guest's memory, where the command line names it.</summary>
    private int? RunInstead(ParseResult result)
    {
        if (!_memory.IsGiven(result))
            return result.GetValue(_duration) is null
                ? null
                : throw new UsageException("--duration goes with --target; there is --iterations");

        if (new[] { _start, _read, _stop }.Any(option => result.GetValue(option)))
            throw new UsageException("--start, --read and --stop are for counters of the guest's REST server");

        var counting = new GuestCounting(
            _tracepoints.Read(result, _guest),
            ReadInterval(result),
            ReadIterations(result),
            LiveOptions.ReadDuration(result, _duration)
        );
        return GuestInvocation.RunIfConfigured(result, _memory.Options, counting.Run);
    }

    private async Task<int> RunAsync(RestInvocation invocation, ParseResult result)
    {
        TracepointSelection? selection = _tracepoints.Read(result, _guest);
        TimeSpan interval = ReadInterval(result);
        int? iterations = ReadIterations(result);
        if (result.GetValue(_stop))
            return Show(invocation, await invocation.Control.StopCountingAsync(selection, invocation.Cancellation));

        if (result.GetValue(_read))
        {
            TraceCounts counts = await invocation.Control.ReadCountersAsync(invocation.Cancellation);
            return Show(
                invocation,
                counts with
                {
                    List = [.. counts.List.Where(count => selection?.Matches(count.Name) ?? true)],
                }
            );
        }

        if (selection is null)
            throw new UsageException("which tracepoints? Give names or patterns");

        CountersStarted started = await invocation.Control.StartCountingAsync(selection, invocation.Cancellation);
        if (result.GetValue(_start))
            return await ShowStartedAsync(invocation, selection);

        bool areStopped = false;
        try
        {
            if (started.AlreadyRunning.Count > 0)
                Messages.Write(
                    "osprey: note: counted already, and not stopped at the end: "
                        + $"{string.Join(", ", started.AlreadyRunning.Select(TerminalText.Escape))}"
                );

            await WatchAsync(invocation, Columns(selection, started), interval, iterations);
        }
        catch (OperationCanceledException) when (iterations is null)
        {
            // Ctrl-C is how a watch without an end is meant to end.
        }
        finally
        {
            areStopped = await TryStopAsync(invocation, started);
        }

        return areStopped ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task WatchAsync(
        RestInvocation invocation,
        IReadOnlyList<string> names,
        TimeSpan interval,
        int? iterations
    )
    {
        var table = new RateTable(names);
        var json = new JsonLines();
        if (!invocation.IsJson)
            table.WriteHeader(invocation.Output.Text);

        invocation.Output.Flush();
        int rows = 0;
        await foreach (CounterRates rates in invocation.Control.WatchCountersAsync(interval, invocation.Cancellation))
        {
            if (invocation.IsJson)
                json.Append(
                    invocation.Output.Text,
                    CounterRatesShape.Shape,
                    rates with
                    {
                        Rates = [.. rates.Rates.Where(rate => names.Contains(rate.Name))],
                    }
                );
            else
                table.WriteRow(invocation.Output.Text, rates);

            invocation.Output.Flush();
            if (++rows == iterations)
                return;
        }
    }

    /// <summary>Stops what was started. A failure is told, but not instead of the one that is under way.</summary>
    private static async Task<bool> TryStopAsync(RestInvocation invocation, CountersStarted started)
    {
        try
        {
            await invocation.Control.StopCountersAsync(started.Started);
            return true;
        }
        catch (GuestRestException exception)
        {
            Messages.Write($"osprey: the counters could not be stopped: {exception.Finding}");
            return false;
        }
    }

    /// <summary>The counters in the user's order, those of one pattern by name.</summary>
    private static List<string> Columns(TracepointSelection selection, CountersStarted started)
    {
        string[] names = [.. started.Started.Concat(started.AlreadyRunning).Order(StringComparer.Ordinal)];
        return [.. selection.Patterns.SelectMany(pattern => names.Where(pattern.Matches)).Distinct()];
    }

    private static async Task<int> ShowStartedAsync(RestInvocation invocation, TracepointSelection selection)
    {
        TraceCounts counts = await invocation.Control.ReadCountersAsync(invocation.Cancellation);
        return Show(invocation, counts with { List = [.. counts.List.Where(count => selection.Matches(count.Name))] });
    }

    private static int Show(RestInvocation invocation, TraceCounts counts)
    {
        if (invocation.IsJson)
            JsonAnswers.Write(invocation.Output, TraceCountsShape.Shape, counts);
        else if (counts.List.Count > 0)
            TracepointText.WriteCounts(invocation.Output.Text, counts);
        else
            Messages.Write("osprey: nothing is counted");

        return ExitCode.Success;
    }

    private int? ReadIterations(ParseResult result) =>
        result.GetValue(_iterations) is < 1
            ? throw new UsageException("--iterations must be at least 1")
            : result.GetValue(_iterations);

    private TimeSpan ReadInterval(ParseResult result)
    {
        string text = result.GetValue(_interval) ?? "2s";
        return TimeParser.TryParse(text, "s", out decimal nanoseconds) && nanoseconds is >= 1e6m and <= 86400e9m
            ? TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick))
            : throw new UsageException($"--interval: '{text}' is not a time from 1ms to 24h, such as 2s or 500ms");
    }
}
