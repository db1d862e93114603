using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Traces.Analyses;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options that choose a range of time.</summary>
internal sealed class TimeOptions
{
    /// <summary>Below so many nanoseconds a period was hardly meant to be in nanoseconds.</summary>
    private const decimal SmallPeriod = 1000;

    private readonly Option<string> _since = new("--since")
    {
        Description = "Show what happened from this guest time on [s, or with a unit: ns us ms s m h]",
        HelpName = "TIME",
    };
    private readonly Option<string> _until = new("--until")
    {
        Description = "Show what happened before this guest time [s, or with a unit]",
        HelpName = "TIME",
    };
    private readonly Option<string> _period = new("--period")
    {
        Description = "With --since or --until: the length of time to show [ns, or with a unit]",
        HelpName = "DURATION",
    };

    public TimeOptions(Command command)
    {
        using var group = OptionGroup.Begin(command, OptionGroup.Samples);
        command.Options.Add(_since);
        command.Options.Add(_until);
        command.Options.Add(_period);
    }

    /// <exception cref="InvalidArgumentsException">The options contradict each other.</exception>
    /// <exception cref="UsageException">A time is not one.</exception>
    public TimeRange Read(ParseResult result, bool isCompat)
    {
        if (isCompat)
            return ReadAsReference(result);

        decimal? since = Parse(result, _since, "s");
        decimal? until = Parse(result, _until, "s");
        if (Parse(result, _period, "ns") is decimal period)
        {
            RequireOneBound(since is not null, until is not null);
            (since, until) = since is not null ? (since, since + period) : (until - period, until);
        }

        return new TimeRange(since, until, isCompat: false);
    }

    /// <summary>
    /// Explains a bare number as --period, which is nanoseconds where --since and --until are seconds, for when nothing
    /// is found.
    /// </summary>
    /// <returns>Null when there is nothing to explain.</returns>
    public string? ExplainPeriod(ParseResult result) =>
        result.GetValue(_period) is { Length: > 0 } text
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
        && number < SmallPeriod
            ? $" (--period {text} is {text} ns; {text}s are seconds)"
            : null;

    /// <summary>As the reference: in doubles, a bound of 0 counting as none beside a period.</summary>
    private TimeRange ReadAsReference(ParseResult result)
    {
        double? since = ParseAsReference(result, _since, "s");
        double? until = ParseAsReference(result, _until, "s");
        if (ParseAsReference(result, _period, "ns") is double period)
        {
            RequireOneBound(since is not (null or 0), until is not (null or 0));
            (since, until) = since is not (null or 0) ? (since, since + period) : (until - period, until);
        }

        return TimeRange.AsReference(since, until);
    }

    private static void RequireOneBound(bool hasSince, bool hasUntil)
    {
        if (hasSince && hasUntil)
            throw new InvalidArgumentsException("--period cannot be used when both --since and --until are specified");

        if (!hasSince && !hasUntil)
            throw new InvalidArgumentsException("--period must be used with --since or --until specified");
    }

    private static decimal? Parse(ParseResult result, Option<string> option, string defaultUnit)
    {
        string? text = result.GetValue(option);
        if (text is null)
            return null;

        if (!TimeParser.TryParse(text, defaultUnit, out decimal nanoseconds))
            throw NotATime(option, text);

        return nanoseconds >= 0
            ? nanoseconds
            : throw new UsageException($"{option.Name}: '{text}' is negative; guest time begins at 0");
    }

    private static double? ParseAsReference(ParseResult result, Option<string> option, string defaultUnit)
    {
        string? text = result.GetValue(option);
        if (string.IsNullOrEmpty(text))
            return null;

        return TimeParser.TryParseAsReference(text, defaultUnit, out double nanoseconds)
            ? nanoseconds
            : throw NotATime(option, text);
    }

    private static UsageException NotATime(Option option, string text) =>
        new(
            $"{option.Name}: "
                + $"'{text}' is not a time; expected a number with an optional unit (ns us ms s m h), such as "
                + "1.5s or 200us"
        );
}
