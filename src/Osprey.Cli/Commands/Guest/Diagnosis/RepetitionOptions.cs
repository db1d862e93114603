using System.CommandLine;
using System.Globalization;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary>The options of commands that show something again and again.</summary>
internal sealed class RepetitionOptions
{
    private const double MaxInterval = 86400;

    private readonly Option<string> _interval = new("--interval")
    {
        Description = "Seconds between two looks",
        HelpName = "S",
        DefaultValueFactory = _ => "1",
    };
    private readonly Option<int?> _count = new("--count")
    {
        Description = "Number of looks; without it there is no end but Ctrl-C",
        HelpName = "N",
    };

    /// <param name="command">Gets the options.</param>
    public RepetitionOptions(Command command)
    {
        command.Options.Add(_interval);
        command.Options.Add(_count);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">They make no sense.</exception>
    public Repetition Read(ParseResult result)
    {
        string text = result.GetValue(_interval)!;
        if (
            !double.TryParse(
                text.EndsWith('s') ? text[..^1] : text,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out double seconds
            )
            || seconds > MaxInterval
        )
            throw new UsageException($"--interval: '{text}' is not a number of seconds");

        if (result.GetValue(_count) is < 1)
            throw new UsageException("--count must be positive");

        return new Repetition(TimeSpan.FromSeconds(seconds), result.GetValue(_count));
    }
}
