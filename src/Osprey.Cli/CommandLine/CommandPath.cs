using System.CommandLine;
using System.CommandLine.Parsing;
using Osprey.Symbols;

namespace Osprey.Cli.CommandLine;

/// <summary>The words that call a command.</summary>
internal static class CommandPath
{
    /// <summary>The program's name.</summary>
    public const string Program = "osprey";

    /// <summary>The words that call the command of a command line, such as "osprey trace list".</summary>
    public static string Of(ParseResult parsed)
    {
        var names = new List<string>();
        for (CommandResult? result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
            names.Insert(0, result.Command.Name);

        return string.Join(' ', names);
    }

    /// <summary>Finds a command by the words behind the program's name.</summary>
    /// <exception cref="CommandFailedException">There is no such command.</exception>
    public static (Command Command, string Path) Find(Command root, IEnumerable<string> words)
    {
        Command command = root;
        string path = Program;
        foreach (string word in words)
        {
            command = FindBelow(command, path, word);
            path += " " + command.Name;
        }

        return (command, path);
    }

    /// <summary>Finds a command below another one.</summary>
    /// <exception cref="CommandFailedException">There is no such command.</exception>
    public static Command FindBelow(Command command, string path, string word) =>
        command.Subcommands.FirstOrDefault(sub => sub.Name == word)
        ?? throw new CommandFailedException(
            command.Subcommands.Count == 0
                ? $"'{path}' has no command '{word}'"
                : $"unknown command '{word}'"
                    + NearNames.Suggest(word, command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name))
                    + $" (see '{path} --help')"
        );
}
