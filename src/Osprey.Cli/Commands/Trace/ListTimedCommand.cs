using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering;
using Osprey.Traces.Analyses.Pairs;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace list-timed</c>: the timed samples with how long each took.</summary>
internal static class ListTimedCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand("list-timed", "List what has a begin and an end, with its duration in milliseconds and its result",
            "osprey trace list-timed --sort duration | head        # the slowest first",
            "osprey trace list-timed -t vfs_open --thread httpserver",
            "osprey trace list-timed -bS --since 0.5 --period 10ms  # all that overlaps those 10 ms");
        var options = new TraceCommandOptions(new SourceOptions(command)) { Time = new TimeOptions(command), Filter = new FilterOptions(command), Symbols = new SymbolOptions(command) };
        var listing = new ListingOptions(command);
        options = options with { NeedsSymbols = listing.HasBacktrace };
        var sort = new Option<string>("--sort") { Description = "Sort by duration (longest first) or time (earliest first); by default in the order in which they end", HelpName = "duration|time" };
        sort.AcceptOnlyFromAmong("duration", "time");
        command.Options.Add(sort);
        command.SetAction(result => TraceInvocation.Run(result, options, invocation => List(invocation, listing, result, result.GetValue(sort))));
        return command;
    }

    private static void List(TraceInvocation invocation, ListingOptions listing, ParseResult result, string? sort)
    {
        bool hasBacktrace = listing.HasBacktrace(result);
        var symbols = invocation.CreateStackSymbols();
        var lines = new TimedSampleLines(
            invocation.Scope.Tracepoints, hasBacktrace ? symbols : null, listing.IsMultiline(result), invocation.IsCompat, invocation.IsJson);
        if (!invocation.IsCompat && !invocation.IsJson && listing.HasHeader(result))
            ListingHeader.AppendTimed(invocation.Output.Text, hasBacktrace);

        var rows = new List<TimedSample>();
        var analysis = new TimedSampleAnalysis(invocation.Scope, hasBacktrace, withExits: !invocation.IsCompat, row =>
        {
            if (sort is not null)
                rows.Add(row);
            else
                Write(row);
        });
        invocation.Analyse(analysis);
        foreach (TimedSample row in Sort(rows, sort))
            Write(row);

        lines.CountMismatches(invocation.Scope.Stats);

        void Write(TimedSample row)
        {
            lines.Append(invocation.Output.Text, row);
            invocation.Output.FlushIfLarge();
        }
    }

    private static IEnumerable<TimedSample> Sort(List<TimedSample> rows, string? sort) => sort switch
    {
        "duration" => rows.OrderByDescending(row => row.Nanoseconds),
        "time" => rows.OrderBy(row => row.Time),
        _ => rows,
    };
}
