using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Osprey.Cli.CommandLine.Help;

namespace Osprey.Cli.CommandLine;

/// <summary>Words for a command line that the parser refuses; the parser's own name types of .NET.</summary>
internal static class CommandLineErrors
{
    /// <summary>Describes the first thing that is wrong.</summary>
    public static string Describe(ParseResult parsed)
    {
        string path = CommandPath.Of(parsed);
        var document = new CommandDocument(path, parsed.CommandResult.Command, parsed.RootCommandResult.Command);
        return $"{Explain(parsed, document)} (see '{path} --help')";
    }

    /// <summary>
    /// Refuses empty words where a file or another thing must be named; a shell's unset variable leaves them.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isCompat">Whether options are left alone: to the reference an empty one is none.</param>
    /// <exception cref="UsageException">There is one.</exception>
    public static void RefuseEmptyNames(ParseResult parsed, bool isCompat)
    {
        if (!HasEmpty(parsed.Tokens))
            return;

        Command command = parsed.CommandResult.Command;
        string? empty =
            command
                .Arguments.Where(argument => HasEmpty(parsed.GetResult(argument)?.Tokens))
                .Select(CommandDocument.NameOf)
                .FirstOrDefault()
            ?? command
                .Options.Where(option =>
                    !isCompat && option.HelpName is "PATH" or "PATH@BASE" or "FILE" or "DIR" or "REPO"
                )
                .Where(option => HasEmpty(parsed.GetResult(option)?.Tokens))
                .Select(option => option.Name)
                .FirstOrDefault();
        if (empty is not null)
            throw new UsageException($"{empty} is empty (see '{CommandPath.Of(parsed)} --help')");
    }

    private static bool HasEmpty(IReadOnlyList<Token>? tokens)
    {
        for (int i = 0; i < tokens?.Count; i++)
        {
            if (tokens[i].Value.Length == 0)
                return true;
        }

        return false;
    }

    /// <summary>Says the first error: of a word that is wrong before one that is missing.</summary>
    private static string Explain(ParseResult parsed, CommandDocument document)
    {
        foreach (ParseError error in parsed.Errors)
        {
            switch (error.SymbolResult)
            {
                case OptionResult { IdentifierTokenCount: > 0 } option:
                    return ExplainOption(option.Option, option.IdentifierTokenCount, option.Tokens);
                case ArgumentResult { Parent: OptionResult { IdentifierTokenCount: > 0 } option } value:
                    return ExplainOption(option.Option, option.IdentifierTokenCount, value.Tokens);
                case ArgumentResult { Parent: not OptionResult, Tokens: [var token, ..] } argument:
                    return ExplainValue(CommandDocument.NameOf(argument.Argument), token.Value, argument.Argument);
                default:
                    break;
            }
        }

        if (parsed.UnmatchedTokens is [string surplus, ..])
        {
            string usage = document.Arguments.Any() ? $"; the form is: {document.Usage}" : "";
            return $"'{surplus}' is one argument too many{usage}";
        }

        Command command = parsed.CommandResult.Command;
        string? missing =
            command
                .Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0)
                .Where(argument => parsed.GetResult(argument) is not { Tokens.Count: > 0 })
                .Select(CommandDocument.NameOf)
                .FirstOrDefault()
            ?? command
                .Options.Where(option => option.Required)
                .Where(option => parsed.GetResult(option) is null or { IdentifierTokenCount: 0 })
                .Select(option => $"{option.Name} {CommandDocument.ValueNameOf(option)}")
                .FirstOrDefault();
        return missing is null
            ? parsed.Errors[0].Message // of a check of ours, on options that contradict each other
            : $"{missing} is missing; the form is: {document.Usage}";
    }

    private static string ExplainOption(Option option, int times, IReadOnlyList<Token> tokens)
    {
        if (tokens.Count == 0)
            return $"{option.Name} needs a value: {CommandDocument.ValueNameOf(option)}";

        return times > 1 && tokens.Count > option.Arity.MaximumNumberOfValues
            ? $"{option.Name} is given {times} times; one value is expected"
            : ExplainValue(option.Name, tokens[^1].Value, option);
    }

    private static string ExplainValue(string name, string text, Symbol symbol)
    {
        string[] allowed = [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
        Type type = (symbol as Option)?.ValueType ?? (symbol as Argument)?.ValueType ?? typeof(string);
        if (allowed.Length > 0 && type != typeof(bool))
            return $"{name}: '{text}' is none of {string.Join(", ", allowed)}";

        if (!IsWhole(type))
            return $"{name}: '{text}' is no value for it";

        bool isNumber = text.TrimStart('-') is { Length: > 0 } digits && digits.All(char.IsAsciiDigit);
        return isNumber ? $"{name}: {text} is out of range" : $"{name}: '{text}' is not a whole number";
    }

    private static bool IsWhole(Type type) =>
        type == typeof(int)
        || type == typeof(int?)
        || type == typeof(long)
        || type == typeof(long?)
        || type == typeof(ulong);
}
