using System.CommandLine;
using Osprey.Cli.CommandLine.Help;
using Osprey.Cli.Commands;

namespace Osprey.Tests.Cli.CommandLine;

/// <summary>All commands of the program, for tests that walk over them.</summary>
internal static class AllCommands
{
    /// <summary>The words behind the program's name that call each command which does something itself.</summary>
    public static TheoryData<string> Paths => [.. Lines];

    /// <summary>The same as a list.</summary>
    public static IReadOnlyList<string> Lines { get; } = [.. List(CommandTree.Build(args: null), [])];

    /// <summary>Finds a command by its words.</summary>
    public static (Command Command, Command Root) Find(string path)
    {
        Command root = CommandTree.Build(args: null);
        Command command = root;
        foreach (string word in path.Split(' '))
            command = command.Subcommands.Single(sub => sub.Name == word);

        return (command, root);
    }

    /// <summary>The options of a command, those that all have included.</summary>
    public static Option[] OptionsOf(Command command, Command root) => [.. CommandDocument.OptionsOf(command, root)];

    private static IEnumerable<string> List(Command command, string[] words) =>
        command
            .Subcommands.Where(sub => !sub.Hidden)
            .SelectMany(sub =>
                sub.Subcommands.Count > 0 ? List(sub, [.. words, sub.Name]) : [string.Join(' ', [.. words, sub.Name])]
            );
}
