using System.CommandLine;
using Osprey.Traces.Analyses;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Trace;

/// <summary>Which stretch of time counts.</summary>
internal sealed class TimeOptions
{
    private readonly Option<string> _since = new("--since") { Description = "Show what happened from this guest time on [s, or with a unit: ns us ms s m h]", HelpName = "TIME" };
    private readonly Option<string> _until = new("--until") { Description = "Show what happened before this guest time [s, or with a unit]", HelpName = "TIME" };
    private readonly Option<string> _period = new("--period") { Description = "With --since or --until: the length of time to show [ns, or with a unit]", HelpName = "DURATION" };

    public TimeOptions(Command command)
    {
        command.Options.Add(_since);
        command.Options.Add(_until);
        command.Options.Add(_period);
    }

    /// <exception cref="InvalidArgumentsException">The options contradict each other.</exception>
    /// <exception cref="UsageException">A time is not one.</exception>
    public TimeRange Read(ParseResult result, bool isCompat)
    {
        decimal? since = Parse(result, _since, "s");
        decimal? until = Parse(result, _until, "s");
        if (!string.IsNullOrEmpty(result.GetValue(_period)))
        {
            bool hasSince = isCompat ? since is not (null or 0) : since is not null;
            bool hasUntil = isCompat ? until is not (null or 0) : until is not null;
            if (hasSince && hasUntil)
                throw new InvalidArgumentsException("--period cannot be used when both --since and --until are specified");

            decimal period = Parse(result, _period, "ns") ?? 0;
            if (hasSince)
                until = since + period;
            else if (hasUntil)
                since = until - period;
            else
                throw new InvalidArgumentsException("--period must be used with --since or --until specified");
        }

        return new TimeRange(since, until, isCompat);
    }

    private static decimal? Parse(ParseResult result, Option<string> option, string defaultUnit)
    {
        string? text = result.GetValue(option);
        if (string.IsNullOrEmpty(text))
            return null;

        return TimeParser.TryParse(text, defaultUnit, out decimal nanoseconds)
            ? nanoseconds
            : throw new UsageException($"{option.Name}: '{text}' is not a time; expected a number with an optional unit (ns us ms s m h), such as 1.5s or 200us");
    }
}
