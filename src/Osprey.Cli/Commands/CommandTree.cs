using System.CommandLine;
using System.CommandLine.Help;
using Osprey.Cli.CommandLine.Help;
using Osprey.Cli.Commands.General;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Probes;
using Osprey.Cli.Commands.Trace;

namespace Osprey.Cli.Commands;

/// <summary>All commands of the program.</summary>
internal static class CommandTree
{
    private const string QuietName = "--quiet";

    /// <summary>
    /// Builds the commands. Of those that are not called only the name and the description are made, to start fast.
    /// </summary>
    /// <param name="args">The command line; null to make all commands whole.</param>
    public static RootCommand Build(string[]? args)
    {
        var called = new CalledCommands(args);
        var root = new RootCommand("See inside a running virtual machine from the outside.");
        root.Directives.Clear(); // words in brackets are no commands of ours
        foreach (Command command in GuestCommands.Create(called))
            root.Subcommands.Add(command);

        root.Subcommands.Add(TraceCommands.Create(called));
        root.Subcommands.Add(
            called.Contains(ProbesCommands.Name)
                ? ProbesCommands.Create()
                : new Command(ProbesCommands.Name, ProbesCommands.Summary)
        );
        foreach (Command command in GeneralCommands.Create(called))
            root.Subcommands.Add(command);

        root.Options.Add(
            new Option<bool>(QuietName, "-q")
            {
                Description = "Write no notes to standard error, only what went wrong",
                Recursive = true,
                Arity = ArgumentArity.Zero,
            }
        );
        foreach (Option option in root.Options)
        {
            if (option is HelpOption)
            {
                option.Action = new ShowHelp();
                option.Description = "Show this help";
            }
            else if (option is VersionOption)
            {
                option.Action = new VersionCommand.Action();
                option.Description = VersionCommand.Summary;
            }
        }

        return root;
    }

    /// <summary>Tells whether a command line asks for no notes.</summary>
    public static bool IsQuiet(ParseResult parsed) => parsed.GetValue<bool>(QuietName);
}
