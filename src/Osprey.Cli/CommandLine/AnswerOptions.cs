using System.CommandLine;
using Osprey.Cli.Rendering.Answers;

namespace Osprey.Cli.CommandLine;

/// <summary>The options that choose the form of an answer.</summary>
internal sealed class AnswerOptions
{
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of text" };
    private readonly Option<bool>? _csv;

    /// <param name="command">Gets the options.</param>
    /// <param name="isListing">Whether the answer is rows, which CSV can hold.</param>
    public AnswerOptions(Command command, bool isListing = false)
    {
        command.Options.Add(_json);
        if (!isListing)
            return;

        _csv = new Option<bool>("--csv") { Description = "Print comma-separated values instead of text" };
        command.Options.Add(_csv);
    }

    /// <summary>Returns the form that was asked for.</summary>
    /// <exception cref="UsageException">Two were.</exception>
    public AnswerFormat Read(ParseResult result)
    {
        bool isCsv = _csv is not null && result.GetValue(_csv);
        if (!result.GetValue(_json))
            return isCsv ? AnswerFormat.Csv : AnswerFormat.Text;

        return isCsv ? throw new UsageException("choose one of --json and --csv") : AnswerFormat.Json;
    }
}
