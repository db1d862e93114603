using System.CommandLine;
using Osprey.Cli.CommandLine;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary><c>osprey leak</c>: the record of allocations.</summary>
internal static class LeakCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "leak",
            "Show which code allocated the memory that is in use, and turn the record of it on and off",
            "osprey leak on --write",
            "osprey leak show --limit 10"
        );
        command.Subcommands.Add(LeakShowCommand.Create());
        command.Subcommands.Add(LeakSwitchCommand.Create(isOn: true));
        command.Subcommands.Add(LeakSwitchCommand.Create(isOn: false));
        return command;
    }
}
