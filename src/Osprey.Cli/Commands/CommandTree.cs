using System.CommandLine;
using System.CommandLine.Help;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Trace;

namespace Osprey.Cli.Commands;

/// <summary>All commands of the program.</summary>
internal static class CommandTree
{
    /// <summary>
    /// Builds the commands. Of those that are not called only the name and the description are made, to start fast.
    /// </summary>
    /// <param name="args">The command line.</param>
    public static RootCommand Build(string[] args)
    {
        var root = new RootCommand("See inside a running virtual machine from the outside.");
        root.Subcommands.Add(DemoCommand.Create());
        foreach (Command command in GuestCommands.Create(args))
            root.Subcommands.Add(command);

        root.Subcommands.Add(TraceCommands.Create(args));
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
                option.Action = new HelpWithExamples(help);
        }

        return root;
    }
}
