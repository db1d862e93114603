using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Listings;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Pairs;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace list-timed</c>: the timed samples with how long each took.</summary>
internal static class ListTimedCommand
{
    /// <summary>Bytes that two samples take in a tracefile at least.</summary>
    private const int SmallestPair = 128;

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "list-timed",
            "List what has a begin and an end, with its duration in milliseconds and its result",
            "osprey trace list-timed --sort duration | head        # the slowest first",
            "osprey trace list-timed -t vfs_open --thread '*httpserver*'",
            "osprey trace list-timed -bS --since 0.5 --period 10ms  # all that overlaps those 10 ms"
        );
        var options = new TraceCommandOptions(new SourceOptions(command))
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command),
            Symbols = new SymbolOptions(command),
        };
        var listing = new ListingOptions(command);
        options = options with { NeedsSymbols = listing.HasBacktrace };
        var sort = new Option<string>("--sort")
        {
            Description =
                "Sort by duration (longest first) or time (earliest first); by default in the order in which they end",
            HelpName = "duration|time",
        };
        sort.AcceptOnlyFromAmong("duration", "time");
        command.Options.Add(sort);
        command.SetAction(result =>
            TraceInvocation.Run(result, options, invocation => List(invocation, listing, result, result.GetValue(sort)))
        );
        return command;
    }

    private static void List(TraceInvocation invocation, ListingOptions listing, ParseResult result, string? sort)
    {
        bool hasBacktrace = listing.HasBacktrace(result);
        StackSymbols symbols = invocation.CreateStackSymbols();
        if (!invocation.IsCompat && !invocation.IsJson && listing.HasHeader(result))
            ListingHeader.AppendTimed(invocation.Output.Text, hasBacktrace);

        if (!invocation.IsCompat)
            invocation.Output.HoldBack();

        TimedSampleAnalysis? analysis = null;
        var lines = new TimedListing(
            invocation.Output,
            () =>
                new TimedSampleLines(
                    invocation.Scope,
                    hasBacktrace ? symbols : null,
                    listing.IsMultiline(result),
                    invocation.IsJson,
                    invocation.Output.ShortensNames
                ),
            row => analysis!.Release(row),
            sort,
            invocation.Session.Reader.Length / SmallestPair ?? 0
        );
        analysis = new TimedSampleAnalysis(invocation.Scope, hasBacktrace, withExits: !invocation.IsCompat, lines.Add);
        try
        {
            invocation.Analyse(analysis);
        }
        catch (NestedEntryException) when (sort is null)
        {
            lines.Finish(invocation.Scope.Stats); // the reference has printed these before it gives up
            throw;
        }

        lines.Finish(invocation.Scope.Stats);
        if (lines.Count == 0)
            invocation.FindNothing();
    }
}
