using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Rest.Answers;
using Osprey.Cli.Commands.Trace.Control;
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
            "Make tracepoints of a running guest record hits: by its REST server, or with --target by writing its "
                + "memory",
            "osprey trace enable 'vfs_*' sched_wait sched_wait_ret",
            "osprey trace enable -b mutex_lock_wait mutex_lock_wake   # with backtraces, for prof-lock",
            "osprey trace enable --regex '^mutex_.*_wake$' -u 192.168.122.15",
            "osprey trace enable 'vfs_*' -T web --write               # no REST server: writes the guest's memory"
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
            isOn: true,
            result =>
                (result.GetValue(backtrace), result.GetValue(noBacktrace)) switch
                {
                    (true, true) => throw new UsageException("--backtrace and --no-backtrace contradict each other"),
                    (true, _) => true,
                    (_, true) => false,
                    _ => null,
                }
        );
    }

    public static Command CreateDisable()
    {
        var command = new DocumentedCommand(
            "disable",
            "Stop tracepoints of a running guest from recording hits, by its REST server, or with --target by writing "
                + "its memory; what they have recorded stays",
            "osprey trace disable 'vfs_*'",
            "osprey trace disable '*'                              # all",
            "osprey trace disable 'vfs_*' -T web --write              # no REST server: writes the guest's memory"
        );
        return Complete(command, isOn: false, _ => null);
    }

    private static Command Complete(Command command, bool isOn, Func<ParseResult, bool?> readBacktrace)
    {
        var tracepoints = new TracepointOptions(command, whenNone: null);
        var server = new RestOptions(command);
        var guest = new GuestInstead(command, server, tracepoints.Json, GuestSwitching.CreateWrite());
        RestInvocation.SetAction(
            command,
            result => server.Read(result),
            tracepoints.IsJson,
            async (invocation, result) =>
            {
                TracepointSelection selection = tracepoints.Read(result, server)!;
                bool? backtrace = readBacktrace(result);
                IReadOnlyList<TracepointChange> changes = isOn
                    ? await invocation.Control.EnableAsync(selection, backtrace, invocation.Cancellation)
                    : await invocation.Control.DisableAsync(selection, backtrace, invocation.Cancellation);
                if (invocation.IsJson)
                    JsonAnswers.WriteArray(invocation.Output, TracepointChangeShape.Shape, changes);
                else
                    TracepointText.WriteChanges(invocation.Output.Text, changes);

                return ExitCode.Success;
            },
            instead: result =>
                guest.IsGiven(result)
                    ? GuestSwitching.Run(result, guest, tracepoints.Read(result, server)!, isOn, readBacktrace(result))
                    : null
        );
        return command;
    }
}
