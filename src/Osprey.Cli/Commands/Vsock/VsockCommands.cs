using System.CommandLine;
using Osprey.Cli.CommandLine;

namespace Osprey.Cli.Commands.Vsock;

/// <summary><c>osprey vsock</c> and its commands.</summary>
internal static class VsockCommands
{
    public const string Name = "vsock";
    public const string Summary = "Show what guest and host say to each other over vsock";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            Summary,
            "osprey vsock decode vsock.pcap",
            "osprey vsock decode vsock.pcap --connections"
        );
        command.Subcommands.Add(VsockDecodeCommand.Create());
        return command;
    }
}
