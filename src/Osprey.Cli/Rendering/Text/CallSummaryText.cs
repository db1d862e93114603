using System.Globalization;
using Osprey.Session.Traces.Rings.Calls;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Writes counts of calls in the columns of <c>strace -c</c>.</summary>
internal static class CallSummaryText
{
    private const string Rule = "------ ----------- ----------- --------- --------- ----------------\n";

    public static void Write(Utf8Builder text, IReadOnlyList<CallCount> counts)
    {
        long total = counts.Sum(count => count.Nanoseconds);
        text.Append("% time     seconds  usecs/call     calls    errors tracepoint\n");
        text.Append(Rule);
        foreach (CallCount count in counts)
            Write(text, count, total);

        text.Append(Rule);
        Write(
            text,
            new CallCount(
                "total",
                counts.Sum(count => count.Calls),
                counts.Sum(count => count.Timed),
                counts.Sum(count => count.Errors),
                total
            ),
            total
        );
    }

    private static void Write(Utf8Builder text, CallCount count, long total)
    {
        string time =
            count.Timed == 0
                ? $"{"", 30}"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(total == 0 ? 0 : 100.0 * count.Nanoseconds / total), 6:F2} {count.Nanoseconds / 1e9, 11:F6} "
                        + $"{count.Nanoseconds / 1000 / count.Timed, 11}"
                );
        string errors = count.Errors == 0 ? "" : count.Errors.ToString(CultureInfo.InvariantCulture);
        text.Append($"{time} {count.Calls, 9} {errors, 9} {TerminalText.Escape(count.Name)}\n");
    }
}
