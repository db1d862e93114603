using System.CommandLine;
using Osprey.Cli.CommandLine;

namespace Osprey.Cli.Commands.Guest.Block;

/// <summary><c>osprey block</c>: requests of a guest's drives, suspended and failed at chosen points.</summary>
internal static class BlockCommands
{
    public const string Name = "block";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            "Stop and fail disk requests of a running guest at points within QEMU's block drivers",
            "osprey block list",
            "osprey block insert virtio0 --write",
            "osprey block break virtio0 cluster_alloc_space A --write",
            "osprey block wait A; osprey block resume A --write",
            "osprey block script race.block --write"
        );
        command.Subcommands.Add(BlockListCommand.Create());
        command.Subcommands.Add(BlockEventsCommand.Create());
        command.Subcommands.Add(BlockFilterCommand.CreateInsert());
        command.Subcommands.Add(BlockFilterCommand.CreateRemove());
        command.Subcommands.Add(BlockBreakCommand.Create());
        command.Subcommands.Add(BlockWaitCommand.Create());
        command.Subcommands.Add(BlockResumeCommand.Create());
        command.Subcommands.Add(BlockInjectCommand.Create());
        command.Subcommands.Add(BlockScriptCommand.Create());
        return command;
    }
}
