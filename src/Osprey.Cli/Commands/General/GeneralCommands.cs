using System.CommandLine;
using Osprey.Cli.Commands.Git;
using Osprey.Cli.Commands.Vsock;

namespace Osprey.Cli.Commands.General;

/// <summary>The commands about the program itself.</summary>
internal static class GeneralCommands
{
    private static readonly (string Name, string Description, Func<Command> Create)[] s_commands =
    [
        ("demo", "Show what there is to see, on the recordings in samples/", DemoCommand.Create),
        (GitCommands.Name, GitCommands.Summary, GitCommands.Create),
        (VsockCommands.Name, VsockCommands.Summary, VsockCommands.Create),
        (HelpCommand.Name, HelpCommand.Summary, HelpCommand.Create),
        (VersionCommand.Name, VersionCommand.Summary, VersionCommand.Create),
        (CompletionCommand.Name, CompletionCommand.Summary, CompletionCommand.Create),
        (ManCommand.Name, ManCommand.Summary, ManCommand.Create),
    ];

    /// <summary>Tells whether a command is about the other ones, so that these have to be there.</summary>
    public static bool LooksAtOthers(string name) =>
        name is HelpCommand.Name or CompletionCommand.Name or CompleteCommand.Name or ManCommand.Name;

    /// <summary>Makes one of them; null when there is none of that name.</summary>
    public static Command? TryCreate(string name)
    {
        foreach ((string known, _, Func<Command> create) in s_commands)
        {
            if (known == name)
                return create();
        }

        return null;
    }

    /// <summary>All of them; those that are not called have only their names.</summary>
    public static IEnumerable<Command> Create(CalledCommands called)
    {
        foreach ((string name, string description, Func<Command> create) in s_commands)
            yield return called.Contains(name) ? create() : new Command(name, description);

        if (called.Contains(CompleteCommand.Name))
            yield return CompleteCommand.Create();
    }
}
