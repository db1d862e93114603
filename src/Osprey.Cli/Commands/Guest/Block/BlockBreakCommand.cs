using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary><c>osprey block break</c>: suspends the next request that comes to a point.</summary>
internal static class BlockBreakCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "break",
            "Stop the next request of a drive that comes to an event there; all others go on",
            "osprey block break virtio0 cluster_alloc_space A --write"
        );
        var drive = new Argument<string>("drive") { Description = "The drive, which has a filter (block insert)" };
        var name = new Argument<string>("event") { Description = "The event (block events)" };
        var tag = new Argument<string>("tag") { Description = "A name of your choice for block wait and resume" };
        command.Arguments.Add(drive);
        command.Arguments.Add(name);
        command.Arguments.Add(tag);
        Option<bool> write = BlockInvocation.CreateWrite();
        command.Options.Add(write);
        var options = new GuestOptions(command, hasForms: false, hasContext: false) { Write = write };
        command.SetAction(result =>
            BlockInvocation.Run(
                result,
                options,
                invocation =>
                {
                    BlockBreakpoint set = invocation.Debugger.Break(
                        result.GetValue(drive)!,
                        result.GetValue(name)!,
                        result.GetValue(tag)!
                    );
                    Messages.Note($"osprey: the next request of {set.Drive} at {set.Event} will be held: {set.Tag}");
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
