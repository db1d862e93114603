using System.CommandLine;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary>The options of commands that show something again and again.</summary>
internal sealed class RepetitionOptions
{
    private const decimal MaxInterval = 86_400e9m; // nanoseconds

    private readonly Option<string> _interval = new("--interval")
    {
        Description = "Time between two looks [s, or with a unit: ms s m h]",
        HelpName = "TIME",
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
        if (!TimeParser.TryParse(text, "s", out decimal nanoseconds) || nanoseconds is < 0 or > MaxInterval)
            throw new UsageException($"--interval: '{text}' is not a time from 0 to 24h, such as 2, 500ms or 1m");

        if (result.GetValue(_count) is < 1)
            throw new UsageException("--count must be positive");

        return new Repetition(
            TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick)),
            result.GetValue(_count)
        );
    }
}
