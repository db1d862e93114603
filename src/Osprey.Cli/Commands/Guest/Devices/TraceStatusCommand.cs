using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Guests;
using Osprey.Guests.Tracepoints;
using Osprey.Session.Answers.Guests.Tracepoints;

namespace Osprey.Cli.Commands.Guest.Devices;

/// <summary><c>osprey trace-status</c>: the tracepoints of the guest's kernel.</summary>
internal static class TraceStatusCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "trace-status",
            "List the kernel's tracepoints: which are enabled, and how many samples the buffers have of each",
            "osprey trace-status              # no REST server is needed",
            "osprey trace-status --enabled --json"
        );
        var onlyEnabled = new Option<bool>("--enabled")
        {
            Description = "Only tracepoints that are enabled, or of which there are samples",
        };
        command.Options.Add(onlyEnabled);
        return GuestListingCommand.Complete(
            command,
            () => TracepointShape.Shape,
            question =>
            {
                var reader = question.Session.RequireAbility<IGuestTracepoints>("its tracepoints can't be listed");
                GuestList<GuestTracepoint> list = reader.ReadTracepoints(
                    question.Session.Kernel,
                    question.Context.Cancellation
                );
                question.AddDefects(list.Defects);
                return question.Command.GetValue(onlyEnabled)
                    ? list.Items.Where(item => item.IsLogging || item.IsActive == true || item.Samples > 0)
                    : list.Items;
            },
            whenEmpty: "no tracepoint is enabled"
        );
    }
}
