using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Listings;
using Osprey.Traces.Analyses.Scheduling;
using Osprey.Traces.Semantics;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace cpu-load</c>: run queue lengths over time.</summary>
internal static class CpuLoadCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "cpu-load",
            "Show the length of each CPU's run queue over time (needs the tracepoint sched_load)",
            "osprey trace cpu-load -c 4 tracefile                  # rows once all 4 CPUs are known",
            "osprey trace cpu-load -f csv > load.csv"
        );
        var options = new TraceCommandOptions(new SourceOptions(command))
        {
            Time = new TimeOptions(command),
            IgnoresTimeInCompat = true,
            Filter = new FilterOptions(command, hasTracepoints: false),
            Symbols = new SymbolOptions(command),
            NeedsSymbols = _ => false,
        };
        var listing = new ListingOptions(command);
        var format = new Option<string>("--format", "-f")
        {
            Description = "text (default) or csv",
            HelpName = "text|csv",
        };
        format.AcceptOnlyFromAmong("text", "csv");
        var cpus = new Option<int>("--cpus", "-c")
        {
            Description = "Show nothing before the load of so many CPUs is known",
            HelpName = "N",
        };
        command.Options.Add(format);
        command.Options.Add(cpus);
        command.SetAction(result =>
            TraceInvocation.Run(
                result,
                options,
                invocation =>
                    List(
                        invocation,
                        result.GetValue(format) == "csv",
                        OptionChecks.RequireNotNegative(cpus, result.GetValue(cpus), invocation.IsCompat),
                        listing.HasHeader(result)
                    )
            )
        );
        return command;
    }

    private static void List(TraceInvocation invocation, bool isCsv, int cpus, bool hasHeader)
    {
        var rows = new CpuLoadRows(
            invocation.Output,
            isCsv,
            invocation.IsJson,
            invocation.IsCompat,
            hasHeader && !invocation.IsCompat
        );
        var analysis = new CpuLoadAnalysis(invocation.Scope, cpus, rows.Write);
        invocation.Analyse(analysis);
        if (analysis.UnexpectedCpu is uint cpu)
            throw Failure(invocation, $"Encountered CPU with id={cpu} but user claimed there are {cpus} CPUs");

        if (rows.Count == 0)
            invocation.FindNothing(
                analysis.HasTracepoint ? [] : invocation.Scope.Semantics.NamesOf(TracepointRole.RunQueue)
            );
    }

    private static CommandFailedException Failure(TraceInvocation invocation, string message)
    {
        invocation.Output.Flush();
        return new CommandFailedException(message);
    }
}
