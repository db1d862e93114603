using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.General;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Commands.Probes;
using Osprey.Cli.Commands.Trace;

namespace Osprey.Cli.Commands;

/// <summary>All commands of the program.</summary>
internal static class CommandTree
{
    /// <summary>
    /// Builds the commands. Of those that are not called only the name and the description are made, to start fast.
    /// </summary>
    /// <param name="args">The command line; null to make all commands whole.</param>
    public static Command Build(string[]? args) => Build(new CalledCommands(args));

    /// <summary>
    /// Builds only the command that a command line calls; all of them, as <see cref="Build(string[])"/> does, where it
    /// calls none or one that looks at the others.
    /// </summary>
    public static Command BuildCalled(string[] args)
    {
        var called = new CalledCommands(args);
        if (
            called.First is not string word
            || GeneralCommands.LooksAtOthers(word)
            || TryCreate(called, word) is not Command command
        )
            return Build(called);

        Command root = CreateRoot();
        root.Subcommands.Add(command);
        return root;
    }

    private static Command Build(CalledCommands called)
    {
        Command root = CreateRoot();
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

        return root;
    }

    private static Command? TryCreate(CalledCommands called, string name) =>
        name switch
        {
            TraceCommands.Name => TraceCommands.Create(called),
            ProbesCommands.Name => ProbesCommands.Create(),
            _ => GuestCommands.TryCreate(name) ?? GeneralCommands.TryCreate(name),
        };

    private static Command CreateRoot()
    {
        var root = new Command(CommandPath.Program, "See inside a running virtual machine from the outside.");
        GeneralOptions.AddTo(root);
        return root;
    }
}
