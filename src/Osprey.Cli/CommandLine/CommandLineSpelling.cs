using System.CommandLine;
using Osprey.Cli.CommandLine.Help;
using Osprey.Symbols;

namespace Osprey.Cli.CommandLine;

/// <summary>Checks the spelling of commands and options before they are parsed, and completes shortened ones.</summary>
/// <remarks>
/// Long options may be shortened to any prefix that means only one of them, as users of Python tools expect. What is no
/// option at all must not be taken for a file's name, which the parser would do.
/// </remarks>
internal static class CommandLineSpelling
{
    /// <summary>Replaces shortened options by their full names.</summary>
    /// <exception cref="UsageException">A word means no option or several, or gives a flag a value.</exception>
    /// <exception cref="CommandFailedException">A word is no command.</exception>
    public static string[] Check(Command root, string[] args)
    {
        Command command = root;
        string path = CommandPath.Program;
        Option? pending = null;
        string[] words = [.. args];
        for (int i = 0; i < words.Length && words[i] != "--"; i++)
        {
            string word = words[i];
            bool isValue = pending is not null;
            pending = null;
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                int end = word.AsSpan().IndexOfAny('=', ':');
                Option option = FindLong(root, command, path, end < 0 ? word : word[..end], out string name);
                if (end >= 0 && option.Arity.MaximumNumberOfValues == 0)
                    throw new UsageException($"{name} takes no value (see '{path} --help')");

                words[i] = end < 0 ? name : name + word[end..];
                pending = end < 0 && TakesValue(option) ? option : null;
            }
            else if (word.Length > 1 && word[0] == '-' && !isValue && !char.IsAsciiDigit(word[1]))
            {
                words[i] = FormerLetters.Replace(command, word);
                pending =
                    words[i] == word
                        ? CheckShort(root, command, path, word)
                        : command.Options.FirstOrDefault(option => option.Name == words[i] && TakesValue(option));
            }
            else if (!isValue && command.Subcommands.Count > 0)
            {
                command = CommandPath.FindBelow(command, path, word);
                path += " " + command.Name;
                foreach (Option flag in command.Options.Where(option => option.ValueType == typeof(bool)))
                    flag.Arity = ArgumentArity.Zero; // else "true" behind it would be its value
            }
        }

        return words;
    }

    private static Option FindLong(Command root, Command command, string path, string name, out string fullName)
    {
        // What help does not show is taken by its whole name: the reference takes it.
        IReadOnlyList<Option> options = CommandDocument.OptionsOf(command, root, withHidden: true);
        foreach (Option option in options)
        {
            if (option.HasName(name))
            {
                fullName = name;
                return option;
            }
        }

        (string Name, Option Option)[] known =
        [
            .. options
                .Where(option => !option.Hidden)
                .SelectMany(option => option.Aliases.Append(option.Name).Select(word => (word, option))),
        ];
        (string Name, Option Option)[] meant =
        [
            .. known.Where(item => item.Name.StartsWith(name, StringComparison.Ordinal)),
        ];
        if (meant.Length == 0)
            throw new UsageException(
                $"unknown option {name}{NearNames.Suggest(name, known.Select(item => item.Name))} (see '{path} --help')"
            );

        if (meant.DistinctBy(item => item.Option).Count() > 1)
            throw new UsageException(
                $"option {name} is ambiguous: {string.Join(", ", meant.Select(item => item.Name))}"
            );

        fullName = meant[0].Name;
        return meant[0].Option;
    }

    /// <summary>Checks a word such as <c>-bLt</c>: flags up to the first option that takes a value.</summary>
    /// <returns>The option that the next word is the value of; null when there is none.</returns>
    private static Option? CheckShort(Command root, Command command, string path, string word)
    {
        for (int i = 1; i < word.Length; i++)
        {
            string name = $"-{word[i]}";
            Option option =
                CommandDocument.OptionsOf(command, root).FirstOrDefault(option => option.HasName(name))
                ?? throw new UsageException(
                    $"unknown option {name}{(word.Length > 2 ? $" in '{word}'" : "")} (see '{path} --help')"
                );
            if (TakesValue(option))
                return i == word.Length - 1 ? option : null;
        }

        return null;
    }

    private static bool TakesValue(Option option) => option.Arity.MinimumNumberOfValues > 0;
}
