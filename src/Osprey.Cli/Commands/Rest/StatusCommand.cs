using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Rest.Answers;
using Osprey.Cli.Rendering.Text;
using Osprey.Rest.Connection;
using Osprey.Rest.Tracepoints;

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
            "osprey trace status --json | jq -r '.tracepoints[].name'"
        );
        var tracepoints = new TracepointOptions(command, whenNone: "all when there are none");
        var guest = new RestOptions(command);
        var enabled = new Option<bool>("--enabled") { Description = "Only those that record" };
        var noHeader = new Option<bool>("--no-header") { Description = "Do not print the guest and the header" };
        var noPager = new Option<bool>("--no-pager") { Description = "Do not page the output on a terminal" };
        command.Options.Add(enabled);
        command.Options.Add(noHeader);
        command.Options.Add(noPager);
        RestInvocation.SetAction(
            command,
            result => guest.Read(result),
            tracepoints.IsJson,
            async (invocation, result) =>
            {
                TracepointSelection selection = tracepoints.Read(result, guest) ?? TracepointSelection.All;
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
            result => !result.GetValue(noPager) && !tracepoints.IsJson(result)
        );
        return command;
    }
}
