using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Session.Answers.Traces.Calls;
using Osprey.Traces.Analyses.Calls;
using Osprey.Traces.Semantics;

namespace Osprey.Cli.Commands.Trace.Calls;

/// <summary>
/// <c>osprey trace prof-calls</c>: the time in functions, of a kernel that records their entries and exits.
/// </summary>
internal static class CallProfileCommand
{
    private static readonly Option<bool> s_graph = new("--graph")
    {
        Description = "Show who called whom, each function above what it calls, instead of each function's sum",
    };
    private static readonly Option<string> s_group = new("--group-by", "-g")
    {
        Description = "With --graph: one graph a thread",
        HelpName = "thread|none",
    };
    private static readonly Option<string> s_sort = new("--sort")
    {
        Description = "What comes first: the most total time (default), time of its own, or calls",
        HelpName = "total|self|calls",
    };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "prof-calls",
            "Show the time in functions, in total and of their own (needs a kernel built with function tracing)",
            "osprey trace prof-calls tracefile",
            "osprey trace prof-calls --graph -g thread --thread '*httpserver*'",
            "osprey trace prof-calls --sort self --json | jq '.calls[:10]'"
        );
        var source = new SourceOptions(command);
        // The reference has no such command
        command.Options.Remove(command.Options.Single(option => option.Name == "--compat"));
        s_group.AcceptOnlyFromAmong("thread", "none");
        s_sort.AcceptOnlyFromAmong("total", "self", "calls");
        command.Options.Add(s_graph);
        command.Options.Add(s_group);
        command.Options.Add(s_sort);
        var options = new TraceCommandOptions(source)
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command, hasTracepoints: false),
            Symbols = new SymbolOptions(command),
        };
        command.SetAction(result =>
        {
            if (result.GetValue(s_group) is not null && !result.GetValue(s_graph))
                throw new UsageException("-g needs --graph");

            return TraceInvocation.Run(result, options, invocation => Show(invocation, result));
        });
        return command;
    }

    private static void Show(TraceInvocation invocation, ParseResult result)
    {
        var profile = new CallProfile(invocation.Scope, isByThread: result.GetValue(s_group) == "thread");
        invocation.Analyse(profile);
        Func<CallNode, Int128> order = result.GetValue(s_sort) switch
        {
            "self" => node => node.Self,
            "calls" => node => node.Calls,
            _ => node => node.Total,
        };
        var answer = new CallsAnswer(profile, invocation.CreateStackSymbols(), order);
        long count = ListingWriter.Write(
            invocation.Output,
            invocation.IsJson ? AnswerFormat.Json : AnswerFormat.Text,
            CallRow.Shape,
            result.GetValue(s_graph) ? answer.ListGraph() : answer.ListSums()
        );
        if (count == 0)
            invocation.FindNothing(MissingIn(invocation));
    }

    /// <summary>The tracepoints for function calls that the trace does not know.</summary>
    internal static string[] MissingIn(TraceInvocation invocation)
    {
        TraceSemantics semantics = invocation.Scope.Semantics;
        var present = invocation.Scope.Tracepoints.All.Select(tracepoint => tracepoint.Name).ToHashSet();
        return
        [
            .. semantics
                .NamesOf(TracepointRole.FunctionEntry)
                .Concat(semantics.NamesOf(TracepointRole.FunctionExit))
                .Where(name => !present.Contains(name)),
        ];
    }
}
