using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Calls;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Listings;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Traces.Calls;
using Osprey.Session.Answers.Traces.Samples;
using Osprey.Session.Packets;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Network;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace list</c>: the samples, one a line.</summary>
internal static class TraceListCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "list",
            "List the samples of a trace",
            "osprey trace list -bS tracefile                      # with backtraces, named from tracefile.symbols",
            "osprey trace list --calls --thread '*httpserver*'     # who calls whom, of a kernel with function tracing",
            "osprey trace list -t 'vfs_*' --since 1.5 --period 10ms",
            "osprey trace list --json --thread '*httpserver*' | jq .  # one JSON object a line"
        );
        var options = new TraceCommandOptions(new SourceOptions(command))
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command, isPrefix: true),
            Symbols = new SymbolOptions(command),
        };
        var listing = new ListingOptions(command);
        var packets = new Option<bool>("--tcpdump")
        {
            Description = "Show packets as tcpdump does, and TCP states by name",
        };
        var calls = new Option<bool>("--calls")
        {
            Description = "List function calls, indented, with their times (of a kernel built with function tracing)",
        };
        command.Options.Add(packets);
        command.Options.Add(calls);
        options = options with { NeedsSymbols = result => listing.HasBacktrace(result) || result.GetValue(calls) };
        command.SetAction(result =>
        {
            bool hasCalls = result.GetValue(calls);
            if (
                hasCalls
                && (result.GetValue(packets) || listing.HasBacktrace(result) || options.Source.IsCompat(result))
            )
                throw new UsageException("--calls goes with none of --tcpdump, --backtrace and --compat");

            return TraceInvocation.Run(
                result,
                options,
                invocation =>
                {
                    if (hasCalls)
                        ListCalls(invocation, listing.HasHeader(result));
                    else
                        List(invocation, result, listing, result.GetValue(packets));
                }
            );
        });
        return command;
    }

    private static void ListCalls(TraceInvocation invocation, bool hasHeader)
    {
        Output output = invocation.Output;
        JsonLines? json = invocation.IsJson ? new JsonLines() : null;
        if (json is null && hasHeader)
            CallText.AppendHeader(output.Text);

        output.HoldBack();
        if (CallProfileCommand.MissingIn(invocation) is { Length: > 0 } missing)
        {
            invocation.Analyse();
            invocation.FindNothing(missing);
            return;
        }

        var calls = new CallListing(
            invocation.Scope,
            invocation.CreateStackSymbols(),
            line =>
            {
                if (json is not null)
                    json.Append(output.Text, CallLine.Shape, line);
                else
                    CallText.Append(output.Text, line, output.ShortensNames);

                output.FlushIfLarge();
            }
        );
        invocation.Analyse(calls);
        if (calls.Count == 0)
            invocation.FindNothing();
    }

    private static void List(TraceInvocation invocation, ParseResult result, ListingOptions listing, bool withPackets)
    {
        AnalysisScope scope = invocation.Scope;
        bool hasBacktrace = listing.HasBacktrace(result);
        StackSymbols symbols = invocation.CreateStackSymbols();
        var samples = new PacketSamples(scope);
        using PacketTexts? packets = withPackets
            ? new PacketTexts(invocation.Session, scope, samples, PacketChoice.AllSamples)
            : null;
        NetworkArguments? network = packets is null ? null : new NetworkArguments(scope, samples, packets);
        if (!invocation.IsCompat && !invocation.IsJson && listing.HasHeader(result))
            ListingHeader.Append(invocation.Output.Text, hasBacktrace);

        if (!invocation.IsCompat)
            invocation.Output.HoldBack();

        ParallelListing.Run(
            invocation.Session,
            invocation.Output,
            () => invocation.IsJson ? CreateJsonWriter() : CreateTextWriter(),
            inOrder: withPackets || invocation.NamesDependOnOrder
        );
        if (invocation.Output.IsHeldBack)
            invocation.FindNothing();
        else if (packets?.Note is string note)
            Messages.Write("osprey: note: " + note);

        ParallelListing.BatchWriter CreateJsonWriter()
        {
            var cells = new SampleCells(scope.Tracepoints, hasBacktrace ? symbols : null);
            var lines = new JsonLines();
            Shape<SampleRow> shape = hasBacktrace || network is not null ? SampleRow.Shape : SampleRow.PlainShape;
            SampleFilter filter = scope.Filter.Copy();
            return (batch, text) =>
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    TraceEvent sample = batch[i];
                    if (IsIncluded(sample, filter))
                        lines.Append(text, shape, cells.CreateRow(sample, network?.Describe(sample)));
                }
            };
        }

        ParallelListing.BatchWriter CreateTextWriter()
        {
            BacktraceText? backtraces = hasBacktrace
                ? new BacktraceText(symbols, listing.IsMultiline(result), invocation.Output.ShortensNames)
                : null;
            var lines = new SampleLines(scope.Tracepoints, backtraces, invocation.IsCompat, network);
            SampleFilter filter = scope.Filter.Copy();
            return (batch, text) =>
            {
                long mismatches = lines.FormatMismatches;
                for (int i = 0; i < batch.Count; i++)
                {
                    TraceEvent sample = batch[i];
                    if (IsIncluded(sample, filter))
                        lines.AppendSample(text, sample);
                }

                scope.Stats.Count(LossKind.FormatMismatches, lines.FormatMismatches - mismatches);
            };
        }

        bool IsIncluded(in TraceEvent sample, SampleFilter filter) =>
            scope.Range.Contains(sample.Time) && (filter.IsNone || filter.Matches(sample, scope.Tracepoints));
    }
}
