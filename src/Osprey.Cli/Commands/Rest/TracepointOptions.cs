using System.CommandLine;
using Osprey.Rest.Tracepoints;

namespace Osprey.Cli.Commands.Rest;

/// <summary>The options that choose tracepoints of a running guest, and the form of the answer.</summary>
internal sealed class TracepointOptions
{
    private readonly bool _isRequired;
    private readonly Argument<string[]> _patterns;
    private readonly Option<bool> _regex = new("--regex")
    {
        Description = "Patterns are POSIX basic regular expressions, found anywhere in a name",
    };

    /// <param name="command">Gets the options.</param>
    /// <param name="whenNone">What it means to give no pattern, for the help; null when there must be one.</param>
    public TracepointOptions(Command command, string? whenNone)
    {
        _isRequired = whenNone is null;
        _patterns = new Argument<string[]>("pattern")
        {
            Description =
                "Names, globs such as 'vfs_*' (quoted, for the shell), or /REGEX/"
                + (whenNone is null ? "" : $"; {whenNone}"),
            Arity = ArgumentArity.ZeroOrMore,
        };
        command.Arguments.Add(_patterns);
        command.Options.Add(_regex);
        command.Options.Add(Json);
    }

    /// <summary>Asks for JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON instead of text" };

    public bool IsJson(ParseResult result) => result.GetValue(Json);

    /// <summary>The tracepoints that are meant; null when there are no patterns.</summary>
    /// <exception cref="UsageException">There are none, but must be.</exception>
    public TracepointSelection? Read(ParseResult result, RestOptions guest)
    {
        string[] texts = GetTexts(result, guest);
        if (texts.Length > 0)
            return TracepointSelection.Parse(texts, result.GetValue(_regex));

        return _isRequired
            ? throw new UsageException("which tracepoints? Give names or patterns, or '*' for all")
            : null;
    }

    private string[] GetTexts(ParseResult result, RestOptions guest)
    {
        string[] texts = result.GetValue(_patterns) ?? [];
        return guest.GetStrayArgument(result) is string stray ? [.. texts, stray] : texts;
    }
}
