using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Rest.Answers;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Text;
using Osprey.Rest.Tracepoints;

namespace Osprey.Cli.Commands.Rest;

/// <summary><c>osprey trace enable</c> and <c>disable</c>: which tracepoints of a running guest record.</summary>
internal static class SwitchCommands
{
    public static Command CreateEnable()
    {
        var command = new DocumentedCommand(
            "enable",
            "Make tracepoints of a running guest record hits",
            "osprey trace enable 'vfs_*' sched_wait sched_wait_ret",
            "osprey trace enable -b mutex_lock_wait mutex_lock_wake   # with backtraces, for prof-lock",
            "osprey trace enable --regex '^mutex_.*_wake$' -u 192.168.122.15"
        );
        var backtrace = new Option<bool>("--backtrace", "-b")
        {
            Description = "Record backtraces as well (default: as they are)",
        };
        var noBacktrace = new Option<bool>("--no-backtrace")
        {
            Description = "Record no backtraces (default: as they are)",
        };
        command.Options.Add(backtrace);
        command.Options.Add(noBacktrace);
        return Complete(
            command,
            (control, selection, result, cancellation) =>
            {
                bool isOn = result.GetValue(backtrace);
                bool isOff = result.GetValue(noBacktrace);
                if (isOn && isOff)
                    throw new UsageException("--backtrace and --no-backtrace contradict each other");

                return control.EnableAsync(
                    selection,
                    isOn ? true
                        : isOff ? false
                        : null,
                    cancellation
                );
            }
        );
    }

    public static Command CreateDisable()
    {
        var command = new DocumentedCommand(
            "disable",
            "Stop tracepoints of a running guest from recording hits; what they have recorded stays",
            "osprey trace disable 'vfs_*'",
            "osprey trace disable '*'                              # all"
        );
        return Complete(
            command,
            (control, selection, _, cancellation) => control.DisableAsync(selection, cancellationToken: cancellation)
        );
    }

    private static Command Complete(
        Command command,
        Func<
            TraceControl,
            TracepointSelection,
            ParseResult,
            CancellationToken,
            Task<IReadOnlyList<TracepointChange>>
        > change
    )
    {
        var tracepoints = new TracepointOptions(command, whenNone: null);
        var guest = new RestOptions(command);
        RestInvocation.SetAction(
            command,
            result => guest.Read(result),
            tracepoints.IsJson,
            async (invocation, result) =>
            {
                TracepointSelection selection = tracepoints.Read(result, guest)!;
                IReadOnlyList<TracepointChange> changes = await change(
                    invocation.Control,
                    selection,
                    result,
                    invocation.Cancellation
                );
                if (invocation.IsJson)
                    JsonAnswers.WriteArray(invocation.Output, TracepointChangeShape.Shape, changes);
                else
                    TracepointText.WriteChanges(invocation.Output.Text, changes);

                return ExitCode.Success;
            }
        );
        return command;
    }
}
