using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Guests.Block;
using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary><c>osprey block events</c>: the points that block drivers tell of.</summary>
internal static class BlockEventsCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "events",
            "List the points in the work of QEMU's block drivers, each with when it comes",
            "osprey block events",
            "osprey block events --target web    # those that this guest's QEMU has"
        );
        var options = new GuestOptions(command, isListing: true, hasContext: false);
        command.SetAction(result =>
        {
            AnswerFormat format = options.ReadFormat(result);
            if (options.NamesTarget(result))
                return BlockInvocation.Run(
                    result,
                    options,
                    invocation =>
                        Write(invocation.Output, format, invocation.Debugger.ReadEvents().Select(BlockEvents.Get))
                );

            using var output = new Output(paged: false);
            int code = Write(output, format, BlockEvents.Known);
            output.Flush();
            return code;
        });
        return command;
    }

    private static int Write(Output output, AnswerFormat format, IEnumerable<BlockEvent> events)
    {
        if (ListingWriter.Write(output, format, BlockEventShape.Shape, events) > 0)
            return ExitCode.Success;

        Messages.Write("osprey: this QEMU does not say which events it has");
        return ExitCode.Failure;
    }
}
