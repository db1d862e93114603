using System.CommandLine;
using Osprey.Cli.CommandLine.Completion;
using Osprey.Session.Guests.Completion;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>The words that may stand in place of the one that is being typed in a shell.</summary>
/// <param name="attached">The guest.</param>
internal sealed class ShellCompletion(AttachedGuest attached)
{
    private const string SymbolArguments = "address expression what where";
    private const string ThreadArguments = "thread";

    private readonly GuestNames _names = new(attached.Session);

    /// <summary>Completes a line.</summary>
    /// <param name="line">The line up to the cursor.</param>
    /// <returns>The place where the part to be replaced begins, and what may stand there.</returns>
    public (int Start, IReadOnlyList<CompletionItem> Items) Complete(string line)
    {
        IReadOnlyList<string> words = ShellWords.SplitUnfinished(line);
        string current = words[^1];
        if (!line.EndsWith(current, StringComparison.Ordinal))
            return (line.Length, []); // within quotes or escapes

        return (line.Length - FindPart(current).Length, [.. Find(words).Where(IsHarmless)]);
    }

    private IEnumerable<CompletionItem> Find(IReadOnlyList<string> words)
    {
        string current = words[^1];
        if (words.Count == 1)
            return CompletionRequest
                .ListCommands(CommandTree.Build([]))
                .Where(item => item.Text != ShellCommand.Name)
                .Concat(s_own)
                .Where(item => item.Text.StartsWith(current, StringComparison.Ordinal))
                .OrderBy(item => item.Text, StringComparer.Ordinal);

        if (words[0] == "thread" || (words.Count == 3 && words[0] == OsvWords.Name && words[1] == "thread"))
            return ListThreads(current);

        if (words[0] == OsvWords.Name)
            return OsvWords
                .ListNext([.. words.Skip(1).SkipLast(1)])
                .Where(item => item.Text.StartsWith(current, StringComparison.Ordinal));

        if (words[0] == CrashWords.Name && words.Count == 2)
            return CrashWords.ListNext([]).Where(item => item.Text.StartsWith(current, StringComparison.Ordinal));

        return FindArgument(words, current);
    }

    private IEnumerable<CompletionItem> FindArgument(IReadOnlyList<string> words, string current)
    {
        Command root = CommandTree.Build([.. words]);
        var request = new CompletionRequest(root, words);
        if (request.Wanted == CompletionKind.Commands)
            return CompletionRequest
                .ListCommands(request.FindCommandArgument(root))
                .Where(item => item.Text.StartsWith(current, StringComparison.Ordinal));

        if (request.WantedName is "--thread" || ThreadArguments.Split(' ').Contains(request.WantedName))
            return ListThreads(FindPart(current));

        if (SymbolArguments.Split(' ').Contains(request.WantedName))
            return ListNames(current);

        string part = FindPart(current);
        return request
            .ListWords()
            .SelectMany(item =>
                item == CompletionItem.Files || item == CompletionItem.Folders ? ListFiles(part) : [item]
            )
            .Where(item => item.Text.StartsWith(part, StringComparison.Ordinal));
    }

    private IEnumerable<CompletionItem> ListThreads(string start) =>
        _names
            .ListThreads()
            .Where(thread => thread.Id.StartsWith(start, StringComparison.Ordinal))
            .Select(thread => new CompletionItem(thread.Id, thread.Description));

    /// <summary>Lists members behind a dot or an arrow, and symbols anywhere else.</summary>
    private IEnumerable<CompletionItem> ListNames(string word)
    {
        string part = FindPart(word);
        string front = word[..^part.Length];
        int joint =
            front.EndsWith("->", StringComparison.Ordinal) ? 2
            : front.EndsWith('.') ? 1
            : 0;
        IReadOnlyList<string> names =
            joint > 0 ? _names.FindMembers(FindOperand(front[..^joint]))
            : part.Length > 0 ? _names.FindSymbols(part)
            : [];
        return names
            .Where(name => name.StartsWith(part, StringComparison.Ordinal))
            .Select(name => new CompletionItem(name, ""));
    }

    /// <summary>Finds the end of a word that is completed by itself: a name within an expression, or a value.</summary>
    private static string FindPart(string word)
    {
        int start = word.Length;
        if (word.StartsWith('-'))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            return equals < 0 ? word : word[(equals + 1)..];
        }

        while (start > 0 && (char.IsAsciiLetterOrDigit(word[start - 1]) || word[start - 1] is '_' or ':' or '~' or '/'))
            start--;

        // A name may have dots and dashes where it is a file's or a guest's.
        return word.Contains('/', StringComparison.Ordinal) ? word : word[start..];
    }

    /// <summary>
    /// Finds the operand that an expression's end is a member of: up to an operator outside brackets.
    /// </summary>
    private static string FindOperand(string text)
    {
        int depth = 0;
        int start = text.Length;
        for (; start > 0; start--)
        {
            char c = text[start - 1];
            if (c is ')' or ']')
                depth++;
            else if (c is '(' or '[' && --depth < 0)
                break;
            else if (depth == 0 && c is '+' or '*' or '&' or '!' or '=' or '<' or ',' or '|' or '^' or '%' or '/')
                break;
            else if (depth == 0 && c == '-' && !text.AsSpan(start).StartsWith(">"))
                break;
        }

        return text[start..];
    }

    private static IEnumerable<CompletionItem> ListFiles(string start)
    {
        string folder = Path.GetDirectoryName(start) is { Length: > 0 } named ? named : ".";
        try
        {
            string front = start[..(start.LastIndexOf('/') + 1)];
            return
            [
                .. new DirectoryInfo(start.StartsWith('/') && folder == "." ? "/" : folder)
                    .EnumerateFileSystemInfos()
                    .Select(file => front + file.Name + (file is DirectoryInfo ? "/" : ""))
                    .Where(path => path.StartsWith(start, StringComparison.Ordinal))
                    .Take(1000)
                    .Order(StringComparer.Ordinal)
                    .Select(path => new CompletionItem(path, "")),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static readonly CompletionItem[] s_own =
    [
        .. ShellLoop.Endings.Select(word => new CompletionItem(word, "Leave the shell")),
        new("thread", "Choose the thread for later commands"),
    ];

    /// <summary>Tells whether a name of the guest can go to the terminal, and into the line as one word.</summary>
    private static bool IsHarmless(CompletionItem item) =>
        !item.Text.AsSpan().ContainsAny(" '\"\\#") && !(item.Text + item.Description).Any(char.IsControl);
}
