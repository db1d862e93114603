using System.CommandLine;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.CommandLine;

/// <summary>Letters that options had before each letter got one meaning in all commands.</summary>
/// <remarks>
/// A letter means what it means to OSv's trace.py: -t a tracepoint, -r callers first, -x no names, and so on. Commands
/// that look into guests gave some of them other meanings. They are taken for those, with a note, where the letter has
/// no meaning by itself.
/// </remarks>
internal static class FormerLetters
{
    private static readonly (string Letter, string Option)[] s_letters =
    [
        ("-t", "--target"),
        ("-x", "--hex"),
        ("-r", "--raw"),
        ("-r", "--registers"),
        ("-d", "--depth"),
        ("-f", "--frame"),
        ("-f", "--force"),
        ("-l", "--locals"),
        ("-u", "--unit"),
        ("-i", "--ignore-case"),
    ];

    /// <summary>Returns the option that a word such as <c>-t</c> stood for; the word itself for any other.</summary>
    public static string Replace(Command command, string word)
    {
        if (command.Options.Any(option => option.Aliases.Contains(word)))
            return word;

        // Analyses of traces have never had other letters than OSv's tool.
        if (command.Parents.Any(parent => parent.Name == "trace"))
            return word;

        foreach ((string letter, string name) in s_letters)
        {
            if (letter != word || command.Options.FirstOrDefault(option => option.Name == name) is not { } option)
                continue;

            string instead = option.Aliases.FirstOrDefault(alias => alias.Length == 2) is { } now
                ? $"{name} or {now}"
                : name;
            Messages.Write(
                $"osprey: note: {letter} is taken for {name} here, but no longer stands in the help: use {instead}"
            );
            return name;
        }

        return word;
    }
}
