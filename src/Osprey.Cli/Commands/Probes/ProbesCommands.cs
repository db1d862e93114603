using System.CommandLine;
using Osprey.Cli.CommandLine;

namespace Osprey.Cli.Commands.Probes;

/// <summary><c>osprey probes</c> and its commands.</summary>
internal static class ProbesCommands
{
    public const string Name = "probes";
    public const string Summary = "List and trace the static probes of programs on this host, such as QEMU's";

    public static Command Create()
    {
        var probes = new DocumentedCommand(
            Name,
            Summary,
            "osprey probes list 4711                   # what a process has",
            "osprey probes trace 4711 'qemu:*'         # what happens in it, with arguments"
        );
        probes.Subcommands.Add(ProbesListCommand.Create());
        probes.Subcommands.Add(ProbesTraceCommand.Create());
        return probes;
    }
}
