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
                IReadOnlyList<GuestTracepoint> list = Ask(question);
                return question.Command.GetValue(onlyEnabled) ? list.Where(IsInUse) : list;
            },
            WhenEmpty
        );
    }

    /// <summary>The message for a list without rows.</summary>
    public const string WhenEmpty = "no tracepoint is enabled";

    /// <summary>Lists the tracepoints of the guest that a question is about.</summary>
    public static IReadOnlyList<GuestTracepoint> Ask(ListingQuestion question)
    {
        GuestList<GuestTracepoint> list = TracepointsAnswer.Ask(question.Session, question.Context.Cancellation);
        question.AddDefects(list.Defects);
        return list.Items;
    }

    /// <summary>Tells whether a tracepoint is enabled, or there are samples of it.</summary>
    public static bool IsInUse(GuestTracepoint tracepoint) =>
        tracepoint.IsLogging || tracepoint.IsActive == true || tracepoint.Samples > 0;
}
