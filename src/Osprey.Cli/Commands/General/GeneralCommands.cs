using System.CommandLine;
using Osprey.Cli.Commands.Git;
using Osprey.Cli.Commands.Vsock;

namespace Osprey.Cli.Commands.General;

/// <summary>The commands about the program itself.</summary>
internal static class GeneralCommands
{
    private static readonly CommandTable s_commands = new([
        ("demo", "Show what there is to see, on the recordings in samples/", DemoCommand.Create),
        (GitCommands.Name, GitCommands.Summary, GitCommands.Create),
        (VsockCommands.Name, VsockCommands.Summary, VsockCommands.Create),
        (HelpCommand.Name, HelpCommand.Summary, HelpCommand.Create),
        (VersionCommand.Name, VersionCommand.Summary, VersionCommand.Create),
        (CompletionCommand.Name, CompletionCommand.Summary, CompletionCommand.Create),
        (ManCommand.Name, ManCommand.Summary, ManCommand.Create),
    ]);

    /// <summary>Tells whether a command is about the other ones, so that these have to be there.</summary>
    public static bool LooksAtOthers(string name) =>
        name is HelpCommand.Name or CompletionCommand.Name or CompleteCommand.Name or ManCommand.Name;

    /// <inheritdoc cref="CommandTable.TryCreate"/>
    public static Command? TryCreate(string name) => s_commands.TryCreate(name);

    /// <summary>All of them; those that are not called have only their names.</summary>
    public static IEnumerable<Command> Create(CalledCommands called)
    {
        foreach (Command command in s_commands.Create(called.Contains))
            yield return command;

        if (called.Contains(CompleteCommand.Name))
            yield return CompleteCommand.Create();
    }
}
