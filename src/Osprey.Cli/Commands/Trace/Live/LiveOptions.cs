using System.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Traces;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Trace.Live;

/// <summary>Reads options of commands that follow a running guest.</summary>
internal static class LiveOptions
{
    /// <summary>
    /// Refuses a filter that no tracepoint of the guest matches, and notes one of which none is enabled: its samples
    /// would be waited for in vain.
    /// </summary>
    /// <exception cref="CommandFailedException">A name matches no tracepoint.</exception>
    public static void RequireTracepoints(SampleFilter filter, TracepointTable tracepoints, Func<int, bool> isEnabled)
    {
        if (filter.IsNone || tracepoints.Count == 0)
            return;

        if (FilterCheck.CheckTracepoints(filter, tracepoints) is [var problem, ..])
            throw new CommandFailedException(TerminalText.Escape(problem));

        bool isAny = false;
        for (int i = 0; i < tracepoints.Count && !isAny; i++)
            isAny = filter.Matches(tracepoints[i]) && isEnabled(i);

        if (!isAny)
            Messages.Write("osprey: note: none of these tracepoints is enabled (osprey trace enable --target)");
    }

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
