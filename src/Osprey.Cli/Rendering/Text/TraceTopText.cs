using System.Globalization;
using Osprey.Session.Traces.Rings.Top;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Puts a look at a guest's tracepoints on a page.</summary>
internal static class TraceTopText
{
    /// <summary>The lines of a page that are no rows of its three lists.</summary>
    private const int OtherLines = 9;

    /// <summary>Finds how many rows each list may have, so that a page fits.</summary>
    /// <param name="rows">The rows of the screen.</param>
    public static int FindMost(int rows) => Math.Max(1, (rows - OtherLines) / 3);

    /// <summary>The lines of the page, without control letters.</summary>
    public static IReadOnlyList<string> Describe(TopLook look)
    {
        var lines = new List<string> { DescribeSamples(look) };
        if (look.Lost.Count > 0)
            lines.Add("LOST " + string.Join("; ", look.Lost.Select(DescribeLoss)));

        lines.Add("");
        lines.Add($"{"A SECOND", 12} {"AVERAGE", 13} {"SLOWEST", 13}  TRACEPOINT");
        lines.AddRange(look.Tracepoints.Select(Describe));
        lines.Add("");
        lines.Add($"{"DURATION", 12} {"THREAD", -20} {"CPU", 3}  SLOWEST CALLS THAT ENDED");
        lines.AddRange(look.Slowest.Select(Describe));
        lines.Add("");
        lines.Add($"{"SINCE", 12} {"THREAD", -20} {"CPU", 3}  CALLS THAT GO ON");
        lines.AddRange(look.Waits.Select(Describe));
        lines.AddRange(look.Defects.Select(defect => $"something may be missing: {defect}"));
        return [.. lines.Select(TerminalText.Escape)];
    }

    private static string DescribeSamples(TopLook look) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{look.Samples} samples in {look.Period / 1e9:F3} s "
                + $"({TopLook.RateOf(look.Samples, look.Period):F0} a second), "
                + $"{(look.Lost.Count == 0 ? "nothing lost" : "with losses")}"
        );

    private static string DescribeLoss(TopLoss loss) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"CPU {loss.Cpu}: about {loss.Samples} samples, exactly {loss.Bytes} bytes"
        );

    private static string Describe(TopTracepoint row)
    {
        string slowest = row.Timed == 0 ? "" : TimeText.Human(row.Slowest);
        string average = row.Average is { } time ? TimeText.Human(time) : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Rate, 12:F1} {average, 13} {slowest, 13}  {row.Name}"
        );
    }

    private static string Describe(TopCall call)
    {
        string result = call.Result is { } text ? $" = {text}" : "";
        return $"{Seconds(call.Duration), 12} {call.ThreadLabel, -20} {Cpu(call.Cpu), 3}  "
            + $"{call.Tracepoint}({call.Arguments}){result}";
    }

    private static string Describe(TopThread thread)
    {
        string calls = string.Join(" > ", thread.Calls.Select(call => $"{call.Tracepoint}({call.Arguments})"));
        string state =
            thread.State is not { } row ? ""
            : row.Wait is { } wait ? $"; waits for {wait.Description}"
            : $"; {row.State.State}";
        return $"{Seconds(thread.Since), 12} {thread.Label, -20} {Cpu(thread.Cpu), 3}  {calls}{state}";
    }

    private static string Seconds(ulong nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000}.{nanoseconds % 1_000_000_000:D9}");

    private static string Cpu(uint? cpu) => cpu is { } number ? number.ToString(CultureInfo.InvariantCulture) : "?";
}
