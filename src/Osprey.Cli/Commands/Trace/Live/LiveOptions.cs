using System.CommandLine;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Trace.Live;

/// <summary>Reads options of commands that follow a running guest.</summary>
internal static class LiveOptions
{
    /// <summary>Reads a time; null when the option is not given.</summary>
    /// <exception cref="UsageException">It is no time.</exception>
    public static TimeSpan? ReadDuration(ParseResult result, Option<string> option)
    {
        if (result.GetValue(option) is not { } text)
            return null;

        return TimeParser.TryParse(text, "s", out decimal nanoseconds) && nanoseconds is >= 1e6m and <= 3_000_000e9m
            ? TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick))
            : throw new UsageException($"{option.Name}: '{text}' is not a time such as 10s or 5m");
    }
}
