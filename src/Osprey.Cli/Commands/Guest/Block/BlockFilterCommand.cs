using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary><c>osprey block insert</c> and <c>remove</c>: the filter in a drive.</summary>
internal static class BlockFilterCommand
{
    public static Command CreateInsert() =>
        Create(
            "insert",
            "Let QEMU put a blkdebug filter between a drive's format and its file, while the guest runs",
            "osprey block insert virtio0 --write",
            (invocation, drive) =>
                Messages.Note(
                    invocation.Debugger.Insert(drive) is { } node
                        ? $"osprey: {drive} has the filter {node} now"
                        : $"osprey: {drive} has a blkdebug filter already"
                )
        );

    public static Command CreateRemove() =>
        Create(
            "remove",
            "Let requests go on that a drive's filter holds, and take the filter out, also after a kill",
            "osprey block remove virtio0 --write",
            (invocation, drive) =>
            {
                if (!invocation.Debugger.Remove(drive))
                    throw new TargetException($"drive {drive} has no blkdebug filter");

                Messages.Note($"osprey: the filter of {drive} is out");
            }
        );

    private static DocumentedCommand Create(
        string name,
        string description,
        string example,
        Action<BlockInvocation, string> body
    )
    {
        var command = new DocumentedCommand(name, description, example);
        var drive = new Argument<string>("drive")
        {
            Description = "The drive, by its name, its device's or its node's",
        };
        command.Arguments.Add(drive);
        Option<bool> write = BlockInvocation.CreateWrite();
        command.Options.Add(write);
        var options = new GuestOptions(command, hasForms: false, hasContext: false) { Write = write };
        command.SetAction(result =>
            BlockInvocation.Run(
                result,
                options,
                invocation =>
                {
                    body(invocation, TerminalText.Escape(result.GetValue(drive)!));
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
