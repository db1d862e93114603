using System.CommandLine;
using System.CommandLine.Completions;
using Osprey.Cli.CommandLine.Help;

namespace Osprey.Cli.CommandLine.Completion;

/// <summary>A command line whose last word is being typed, and what that word can be.</summary>
/// <remarks>
/// A shell asks at every press of the tab key, so that this reads the words by itself: no options are parsed, and only
/// the command that the words name is made whole. Words are what the user has typed so far, which need not be right.
/// </remarks>
internal sealed class CompletionRequest
{
    private const string FileArguments = "file tracefile dump a b";

    private readonly Command _root;
    private Command _command;
    private readonly string _current;
    private readonly Option? _option;
    private readonly List<string> _arguments = [];
    private readonly bool _isBehindDashes;

    /// <param name="root">All commands.</param>
    /// <param name="words">The words behind the program's name; the last one is being typed and may be empty.</param>
    public CompletionRequest(Command root, IReadOnlyList<string> words)
    {
        _root = root;
        _command = root;
        _current = words.Count > 0 ? words[^1] : "";
        for (int i = 0; i < words.Count - 1; i++)
        {
            string word = words[i];
            if (_option is not null)
                _option = null; // this was its value
            else if (_isBehindDashes || word == "-" || !word.StartsWith('-'))
                AddArgument(word);
            else if (word == "--")
                _isBehindDashes = true;
            else
                _option = FindOption(word);
        }

        int end = _current.IndexOf('=', StringComparison.Ordinal);
        if (_option is null && !_isBehindDashes && end > 0 && _current.StartsWith("--", StringComparison.Ordinal))
        {
            _option = FindOption(_current[..end]);
            _current = _current[(end + 1)..];
        }

        void AddArgument(string word)
        {
            if (_arguments.Count == 0 && _command.Subcommands.FirstOrDefault(sub => sub.Name == word) is { } sub)
                _command = sub;
            else
                _arguments.Add(word);
        }
    }

    /// <summary>The kind of word that is being typed.</summary>
    public CompletionKind Wanted =>
        _option?.HelpName == "GUEST" ? CompletionKind.Guests
        : _option?.Name == "--tracepoint" ? CompletionKind.Tracepoints
        : _option is null && CurrentArgument?.Name == "command" && !IsOption ? CompletionKind.Commands
        : CompletionKind.Word;

    /// <summary>The option whose value is being typed, or else the argument; null when it is neither.</summary>
    public string? WantedName => _option?.Name ?? (IsOption ? null : CurrentArgument?.Name);

    /// <summary>The first argument that is a file, such as a trace; null when none is.</summary>
    public string? FileArgument => _arguments.FirstOrDefault(File.Exists);

    private bool IsOption => !_isBehindDashes && _current.StartsWith('-');

    private Argument? CurrentArgument =>
        _command.Arguments.Count == 0 ? null
        : _arguments.Count < _command.Arguments.Count ? _command.Arguments[_arguments.Count]
        : _command.Arguments[^1].Arity.MaximumNumberOfValues > 1 ? _command.Arguments[^1]
        : null;

    /// <summary>Lists the words that fit; those that the shell itself finds are named by kind.</summary>
    public IEnumerable<CompletionItem> ListWords()
    {
        if (_option is not null)
            return ListValues(_option, _option.HelpName ?? "");

        if (IsOption)
            return ListOptions().Where(item => item.Text.StartsWith(_current, StringComparison.Ordinal));

        return _command.Subcommands.Count > 0 ? ListCommands(_command)
            : CurrentArgument is { } argument
                ? ListValues(argument, FileArguments.Split(' ').Contains(argument.Name) ? "FILE" : "")
            : [];
    }

    /// <summary>Finds the command that the arguments so far name, as those of <c>osprey help</c> do.</summary>
    public Command FindCommandArgument(Command root)
    {
        Command command = root;
        foreach (string word in _arguments)
            command = command.Subcommands.FirstOrDefault(sub => sub.Name == word) ?? command;

        return command;
    }

    /// <summary>Lists the commands below another one.</summary>
    public static IEnumerable<CompletionItem> ListCommands(Command command) =>
        command
            .Subcommands.Where(sub => !sub.Hidden)
            .Select(sub => new CompletionItem(sub.Name, sub.Description ?? ""));

    private IEnumerable<CompletionItem> ListOptions() =>
        CommandDocument
            .OptionsOf(_command, _root)
            .SelectMany(option =>
                option
                    .Aliases.Append(option.Name)
                    .Where(name => name != "-?" && name.StartsWith('-'))
                    .Where(name => _current.Length > 1 || name.Length > 2)
                    .Select(name => new CompletionItem(name, option.Description ?? ""))
            );

    private static IEnumerable<CompletionItem> ListValues(Symbol symbol, string valueName)
    {
        if (valueName.StartsWith("PATH", StringComparison.Ordinal) || valueName == "FILE")
            return [CompletionItem.Files];

        return valueName is "DIR" or "REPO"
            ? [CompletionItem.Folders]
            : symbol.GetCompletions(CompletionContext.Empty).Select(item => new CompletionItem(item.Label, ""));
    }

    /// <summary>
    /// Finds the option that the next word is the value of; null when it takes none, or does not exist.
    /// </summary>
    private Option? FindOption(string word)
    {
        string name = word.Length > 2 && word[1] != '-' ? $"-{word[^1]}" : word;
        Option? option = CommandDocument.OptionsOf(_command, _root).FirstOrDefault(option => option.HasName(name));
        return option is not null && CommandDocument.TakesValue(option) ? option : null;
    }
}
