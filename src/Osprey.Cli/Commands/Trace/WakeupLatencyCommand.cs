using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Traces.Samples;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Scheduling;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace wakeup-latency</c>: how long threads took to run after they were woken.</summary>
internal static class WakeupLatencyCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "wakeup-latency",
            "List how long threads took to run after they were woken (needs sched_wait, sched_wait_ret, sched_wake)",
            "osprey trace wakeup-latency tracefile | sort -k5 -n | tail   # the worst",
            "osprey trace wakeup-latency -bS --thread '*httpserver*'"
        );
        var options = new TraceCommandOptions(new SourceOptions(command))
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command, hasTracepoints: false),
            Symbols = new SymbolOptions(command),
        };
        var listing = new ListingOptions(command);
        options = options with { NeedsSymbols = listing.HasBacktrace };
        command.SetAction(result =>
            TraceInvocation.Run(result, options, invocation => List(invocation, listing, result))
        );
        return command;
    }

    private static void List(TraceInvocation invocation, ListingOptions listing, ParseResult result)
    {
        StackSymbols symbols = invocation.CreateStackSymbols();
        bool hasBacktrace = listing.HasBacktrace(result);
        BacktraceText? backtraces = hasBacktrace
            ? new BacktraceText(symbols, listing.IsMultiline(result), invocation.Output.ShortensNames)
            : null;
        var lines = new SampleLines(invocation.Scope.Tracepoints, null, invocation.IsCompat);
        var cells = new SampleCells(invocation.Scope.Tracepoints, hasBacktrace ? symbols : null);
        JsonLines? json = invocation.IsJson ? new JsonLines() : null;
        Utf8Builder text = invocation.Output.Text;
        if (listing.HasHeader(result) && json is null)
            text.Append(
                $"{"THREAD", -18} {"THREAD-NAME", -15} {"CPU", 3} {"TIMESTAMP[s]", 20} {"WAKEUP[ms]", 13} "
                    + $"{"WAIT[ms]", 9} BACKTRACE\n"
            );

        if (!invocation.IsCompat)
            invocation.Output.HoldBack();

        long count = 0;
        var analysis = new WakeupLatencyAnalysis(
            invocation.Scope,
            (in TraceEvent resumed, long wakeup, long wait) =>
            {
                count++;
                if (json is not null)
                {
                    json.Append(text, WakeupRow.Shape, new WakeupRow(resumed, wakeup, wait, cells));
                }
                else
                {
                    AppendLine(text, lines, resumed, wakeup, wait, invocation.IsCompat);
                    backtraces?.Append(text, resumed.Backtrace);
                    text.Append((byte)'\n');
                }

                invocation.Output.FlushIfLarge();
            }
        );
        invocation.Analyse(analysis);
        if (count == 0)
            invocation.FindNothing([.. analysis.MissingTracepoints]);
    }

    private static void AppendLine(
        Utf8Builder text,
        SampleLines lines,
        in TraceEvent resumed,
        long wakeup,
        long wait,
        bool isCompat
    )
    {
        lines.AppendThread(text, resumed, cpuWidth: 3);
        text.Append((byte)' ');
        TimeText.AppendSeconds(text, resumed.Time, 20, isCompat);
        text.Append((byte)' ');
        TimeText.AppendMilliseconds(text, wakeup, 13, decimals: 6);
        text.Append((byte)' ');
        TimeText.AppendMilliseconds(text, wait, 9);
        text.Append((byte)' ');
    }
}
