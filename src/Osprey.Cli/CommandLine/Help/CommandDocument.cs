using System.CommandLine;
using System.Globalization;

namespace Osprey.Cli.CommandLine.Help;

/// <summary>A command as its help and its manual page show it.</summary>
/// <param name="path">The words that call it, such as "osprey trace list".</param>
/// <param name="command">The command.</param>
/// <param name="root">All commands, for the options that every one has.</param>
internal sealed class CommandDocument(string path, Command command, Command root)
{
    /// <summary>The words that call it.</summary>
    public string Path => path;

    /// <summary>A sentence about what it does.</summary>
    public string Description => command.Description ?? "";

    /// <summary>Tells whether it only has commands below it.</summary>
    public bool IsGroup => command.Subcommands.Count > 0;

    /// <summary>The commands below it, with what each does.</summary>
    public IEnumerable<HelpRow> Commands =>
        command.Subcommands.Where(sub => !sub.Hidden).Select(sub => new HelpRow(sub.Name, sub.Description ?? ""));

    /// <summary>Its arguments in their order.</summary>
    public IEnumerable<HelpRow> Arguments =>
        command.Arguments.Select(argument => new HelpRow(
            NameOf(argument),
            WithDefault(argument.Description, argument.HasDefaultValue ? argument.GetDefaultValue() : null)
        ));

    /// <summary>Its options, the command's own first and those that all commands have last.</summary>
    public IEnumerable<(string Heading, IEnumerable<HelpRow> Options)> OptionGroups =>
        OptionsOf(command, root)
            .GroupBy(option => OptionGroup.HeadingOf(command, option))
            .OrderBy(group =>
                group.Key == OptionGroup.Own ? 0
                : group.Key == OptionGroup.Common ? 2
                : 1
            )
            .Select(group => (group.Key, group.Select(ToRow)));

    /// <summary>Command lines that show it in use.</summary>
    public IReadOnlyList<string> Examples => (command as DocumentedCommand)?.Examples ?? [];

    /// <summary>The form of a command line.</summary>
    public string Usage
    {
        get
        {
            string words = IsGroup ? path + " COMMAND" : path;
            foreach (Argument argument in command.Arguments)
            {
                string name = NameOf(argument) + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
                words += argument.Arity.MinimumNumberOfValues > 0 ? $" {name}" : $" [{name}]";
            }

            return IsGroup ? words : words + " [OPTION...]";
        }
    }

    /// <summary>The options that can be given to a command, without hidden ones unless they are asked for.</summary>
    public static IReadOnlyList<Option> OptionsOf(Command command, Command root, bool withHidden = false)
    {
        // Loops, not queries: this is done at each start, before anything else is.
        var options = new List<Option>();
        foreach (Option option in command.Options)
        {
            if (withHidden || !option.Hidden)
                options.Add(option);
        }

        if (command == root)
            return options;

        foreach (Option option in root.Options)
        {
            if (option is { Recursive: true, Hidden: false })
                options.Add(option);
        }

        return options;
    }

    /// <summary>The name of an argument as it is shown.</summary>
    public static string NameOf(Argument argument) => argument.HelpName ?? argument.Name.ToUpperInvariant();

    /// <summary>
    /// Tells whether an option is given with a value behind it. One whose value has an empty name is shown as a flag.
    /// </summary>
    public static bool TakesValue(Option option) =>
        option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool) && option.HelpName != "";

    /// <summary>The name of an option's value as it is shown; null for one without a value.</summary>
    public static string? ValueNameOf(Option option) =>
        TakesValue(option) ? option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant() : null;

    private static HelpRow ToRow(Option option)
    {
        IEnumerable<string> names = option
            .Aliases.Where(alias => alias[0] == '-' && alias != "-?")
            .Append(option.Name)
            .Where(name => name.Length == 2)
            .Concat(option.Aliases.Append(option.Name).Where(name => name.StartsWith("--", StringComparison.Ordinal)));
        string term = string.Join(", ", names) + (ValueNameOf(option) is { } value ? " " + value : "");
        object? standard = TakesValue(option) && option.HasDefaultValue ? option.GetDefaultValue() : null;
        return new HelpRow(term, WithDefault(option.Description, standard));
    }

    private static string WithDefault(string? description, object? value) =>
        value is null or string[] or false
            ? description ?? ""
            : string.Create(CultureInfo.InvariantCulture, $"{description} [default: {value}]");
}
