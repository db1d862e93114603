using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace list</c>: the samples, one a line.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand("list", "List the samples of a trace",
            "osprey trace list -bS tracefile                      # with backtraces, named from tracefile.symbols",
            "osprey trace list -t 'vfs_*' --since 1.5 --period 10ms",
            "osprey trace list --json --thread httpserver | jq .  # one JSON object a line");
        var options = new TraceCommandOptions(new SourceOptions(command)) { Time = new TimeOptions(command), Filter = new FilterOptions(command, isPrefix: true), Symbols = new SymbolOptions(command) };
        var listing = new ListingOptions(command);
        options = options with { NeedsSymbols = listing.HasBacktrace };
        var packets = new Option<bool>("--tcpdump") { Description = "Show packets as tcpdump does, and TCP states by name" };
        command.Options.Add(packets);
        command.SetAction(result => TraceInvocation.Run(result, options, invocation => List(invocation, result, listing)));
        return command;
    }

    private static void List(TraceInvocation invocation, ParseResult result, ListingOptions listing)
    {
        AnalysisScope scope = invocation.Scope;
        bool hasBacktrace = listing.HasBacktrace(result);
        StackSymbols symbols = invocation.CreateStackSymbols();
        if (invocation.IsJson)
        {
            ParallelListing.Run(invocation.Session, invocation.Output, () =>
            {
                var json = new SampleJson(scope.Tracepoints, hasBacktrace ? symbols : null);
                SampleFilter filter = scope.Filter.Copy();
                return (batch, text) =>
                {
                    for (int i = 0; i < batch.Count; i++)
                    {
                        TraceEvent sample = batch[i];
                        if (scope.Range.Contains(sample.Time) && (filter.IsNone || filter.Matches(sample, scope.Tracepoints)))
                            json.AppendLine(text, sample);
                    }
                };
            });
            return;
        }

        if (!invocation.IsCompat && listing.HasHeader(result))
            ListingHeader.Append(invocation.Output.Text, hasBacktrace);

        ParallelListing.Run(invocation.Session, invocation.Output, () =>
        {
            BacktraceText? backtraces = hasBacktrace ? new BacktraceText(symbols, listing.IsMultiline(result)) : null;
            var lines = new SampleLines(scope.Tracepoints, backtraces, invocation.IsCompat);
            SampleFilter filter = scope.Filter.Copy();
            return (batch, text) =>
            {
                long mismatches = lines.FormatMismatches;
                for (int i = 0; i < batch.Count; i++)
                {
                    TraceEvent sample = batch[i];
                    if (scope.Range.Contains(sample.Time) && (filter.IsNone || filter.Matches(sample, scope.Tracepoints)))
                        lines.AppendSample(text, sample);
                }

                scope.Stats.Count(LossKind.FormatMismatches, lines.FormatMismatches - mismatches);
            };
        });
    }
}
