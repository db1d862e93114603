using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Listings;
using Osprey.Session.Answers.Traces.Summaries;
using Osprey.Traces.Analyses.Summaries;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace summary</c>: what is in a trace.</summary>
internal static class SummaryCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "summary",
            "Show how many samples of which tracepoint a trace has, and how long the timed ones took",
            "osprey trace summary tracefile",
            "osprey trace summary --timed --since 1 --until 2     # percentiles of what happened in that second",
            "osprey trace summary --json --timed | jq .timed"
        );
        var timed = new Option<bool>("--timed")
        {
            Description = "Show percentiles of the timed tracepoints' durations",
        };
        command.Options.Add(timed);
        var options = new TraceCommandOptions(new SourceOptions(command))
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command),
        };
        command.SetAction(result =>
            TraceInvocation.Run(
                result,
                options,
                invocation =>
                {
                    bool isTimed = result.GetValue(timed);
                    var summary = new SummaryAnalysis(invocation.Scope, isTimed);
                    invocation.Analyse(summary);
                    bool isEmpty = summary.Count == 0 && !invocation.IsCompat;
                    invocation.Show(
                        SummaryAnswer.Shape,
                        new SummaryAnswer(summary, isTimed),
                        (answer, output) =>
                        {
                            if (!isEmpty)
                                SummaryText.Write(output.Text, answer, invocation.IsCompat);
                        }
                    );
                    if (isEmpty)
                        invocation.FindNothing();
                },
                paged: false
            )
        );
        return command;
    }
}
