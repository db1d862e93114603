using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Guest.Devices;
using Osprey.Cli.Commands.Rest.Answers;
using Osprey.Cli.Commands.Trace.Control;
using Osprey.Cli.Rendering.Text;
using Osprey.Guests.Tracepoints;
using Osprey.Rest.Connection;
using Osprey.Rest.Tracepoints;
using Osprey.Session.Answers.Guests.Tracepoints;

namespace Osprey.Cli.Commands.Rest;

/// <summary><c>osprey trace status</c>: which tracepoints of a running guest record.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "status",
            "Show which tracepoints a running guest has, and which of them record, with or without backtraces",
            "osprey trace status                                   # all of the guest at http://localhost:8000/",
            "osprey trace status --enabled -u 192.168.122.15",
            "osprey trace status 'vfs_*' 'sched_*'",
            "osprey trace status --target web                      # no REST server is needed",
            "osprey trace status --json | jq -r '.tracepoints[].name'"
        );
        var tracepoints = new TracepointOptions(command, whenNone: "all when there are none");
        var server = new RestOptions(command);
        var enabled = new Option<bool>("--enabled") { Description = "Only those that record" };
        var noHeader = new Option<bool>("--no-header") { Description = "Do not print the guest and the header" };
        var noPager = new Option<bool>("--no-pager") { Description = "Do not page the output on a terminal" };
        command.Options.Add(enabled);
        command.Options.Add(noHeader);
        command.Options.Add(noPager);
        var guest = new GuestInstead(command, server, tracepoints.Json);
        RestInvocation.SetAction(
            command,
            result => server.Read(result),
            tracepoints.IsJson,
            async (invocation, result) =>
            {
                TracepointSelection selection = tracepoints.Read(result, server) ?? TracepointSelection.All;
                IReadOnlyList<TracepointState> states = await invocation.Control.ListAsync(
                    selection,
                    invocation.Cancellation
                );
                IReadOnlyList<TracepointState> shown = result.GetValue(enabled)
                    ? [.. states.Where(state => state.Enabled)]
                    : states;
                bool hasHeader = !result.GetValue(noHeader);
                GuestSummary summary = await invocation.Control.GetGuestAsync(invocation.Cancellation);
                invocation.Show(
                    StatusAnswer.Shape,
                    new StatusAnswer(summary, shown),
                    (_, output) =>
                    {
                        if (hasHeader)
                            output.Text.Append(
                                $"{TracepointText.Describe(summary)}: {states.Count(state => state.Enabled)} "
                                    + $"of {states.Count} tracepoints record\n\n"
                            );

                        if (shown.Count > 0)
                            TracepointText.WriteStates(output.Text, shown, hasHeader);
                    }
                );
                return ExitCode.Success;
            },
            result => !result.GetValue(noPager) && !tracepoints.IsJson(result),
            result =>
                !guest.IsGiven(result) ? null
                : result.GetValue(noHeader) ? throw new UsageException("--no-header goes with --url")
                : List(
                    result,
                    guest.Options,
                    tracepoints.Read(result, server),
                    result.GetValue(enabled),
                    isPaged: !result.GetValue(noPager) && !tracepoints.IsJson(result)
                )
        );
        return command;
    }

    /// <summary>Lists the tracepoints that the guest's memory has, as <c>osprey trace-status</c>.</summary>
    private static int List(
        ParseResult result,
        GuestOptions options,
        TracepointSelection? selection,
        bool onlyEnabled,
        bool isPaged
    ) =>
        GuestListingCommand.Run(
            result,
            options,
            _ => TracepointShape.Shape,
            question =>
            {
                IReadOnlyList<GuestTracepoint> list = TraceStatusCommand.Ask(question);
                selection?.RequireMatches([.. list.Select(item => item.Name)]);
                return list.Where(item =>
                    selection?.Matches(item.Name) != false && (!onlyEnabled || TraceStatusCommand.IsInUse(item))
                );
            },
            TraceStatusCommand.WhenEmpty,
            isPaged
        );
}
