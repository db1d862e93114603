using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Traces.Summaries;
using Osprey.Session.Traces.Changes;
using Osprey.Traces.Analyses.Comparison;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Writes what differs between two traces as text.</summary>
internal static class ComparisonText
{
    public static void Write(ComparisonAnswer answer, Output output)
    {
        TraceComparison comparison = answer.Comparison;
        Utf8Builder text = output.Text;
        text.Append($"A: {Describe(comparison.A)}\nB: {Describe(comparison.B)}\n");
        WriteTracepoints(text, answer);
        WriteDurations(text, answer);
        if (comparison.Profile is { IsSame: true })
            text.Append(
                comparison.IsAbsolute ? "\nProfile: the same in both\n"u8 : "\nProfile per second: the same in both\n"u8
            );
        else if (answer.CreateRoot() is { } root)
            WriteProfile(output, root, comparison.IsAbsolute);
    }

    /// <summary>A change in percent, such as <c>+20.0%</c>.</summary>
    public static string Percent(Change change) =>
        change.A == change.B ? "same"
        : change.A == 0 ? "new"
        : change.B == 0 ? "gone"
        : $"{(change.Ratio!.Value - 1) * 100:+0.0;-0.0;+0.0}%";

    private static string Describe(ComparedTrace trace) =>
        $"{trace.Name}, {trace.Samples} samples in {TimeText.Human(trace.Span)}";

    private static void WriteTracepoints(Utf8Builder text, ComparisonAnswer answer)
    {
        TraceComparison comparison = answer.Comparison;
        bool isAbsolute = comparison.IsAbsolute;
        text.Append(isAbsolute ? "\nTracepoints:\n\n"u8 : "\nTracepoints, with samples per second:\n\n"u8);
        TracepointDifference[] shown = [.. answer.Take(comparison.Tracepoints)];
        if (WriteWhole(text, shown.Length, comparison.Tracepoints, item => item.IsSame))
            return;

        int width = Math.Max(20, shown.Max(item => item.Name.Length));
        text.Append($"  {"name".PadRight(width)} {"count A", 10} {"count B", 10}");
        text.Append(isAbsolute ? $" {"delta", 11}" : $" {"A/s", 12} {"B/s", 12} {"delta/s", 12}");
        text.Append($" {"change", 9}\n");
        foreach (TracepointDifference item in shown)
        {
            text.Append($"  {item.Name.PadRight(width)} {item.CountA, 10} {item.CountB, 10}");
            text.Append(
                isAbsolute
                    ? $" {Signed(item.Compared.Delta, "0"), 11}"
                    : $" {item.Compared.A, 12:F2} {item.Compared.B, 12:F2} {Signed(item.Compared.Delta, "0.00"), 12}"
            );
            text.Append($" {Percent(item.Compared), 9}\n");
        }

        WriteRest(text, comparison.Tracepoints.Count - shown.Length);
    }

    private static void WriteDurations(Utf8Builder text, ComparisonAnswer answer)
    {
        TraceComparison comparison = answer.Comparison;
        text.Append(
            comparison.IsAbsolute
                ? "\nTimed tracepoints [ms]:\n\n"u8
                : "\nTimed tracepoints [ms], with the total per second:\n\n"u8
        );
        DurationDifference[] shown = [.. answer.Take(comparison.Durations)];
        if (WriteWhole(text, shown.Length, comparison.Durations, item => item.IsSame))
            return;

        int width = Math.Max(20, shown.Max(item => item.Name.Length));
        text.Append(
            $"  {"name".PadRight(width)} {"count A", 8} {"count B", 8} {"50% A", 9} {"50% B", 9} {"change", 8} "
                + $"{"99% A", 9} {"99% B", 9} {"change", 8} {"total A", 11} {"total B", 11} {"change", 8}\n"
        );
        foreach (DurationDifference item in shown)
        {
            text.Append($"  {item.Name.PadRight(width)} {item.A?.Count ?? 0, 8} {item.B?.Count ?? 0, 8}");
            AppendChange(item.Median, 9);
            AppendChange(item.Percentile99, 9);
            AppendChange(item.Total, 11);
            text.Append((byte)'\n');
        }

        WriteRest(text, comparison.Durations.Count - shown.Length);

        void AppendChange(Change change, int columns)
        {
            text.Append((byte)' ');
            TimeText.AppendMilliseconds(text, Math.Round(change.A), columns);
            text.Append((byte)' ');
            TimeText.AppendMilliseconds(text, Math.Round(change.B), columns);
            text.Append($" {Percent(change), 8}");
        }
    }

    private static void WriteProfile(Output output, ProfileDifferenceRow root, bool isAbsolute)
    {
        output.Text.Append(
            isAbsolute ? "\nProfile, biggest change first:\n\n"u8 : "\nProfile per second, biggest change first:\n\n"u8
        );
        new TreePrinter<ProfileDifferenceRow>(output, AppendLabel, row => row.ListChildren()).Print(root);
    }

    private static void AppendLabel(ProfileDifferenceRow row, Utf8Builder text, Action newLine)
    {
        Change change = row.Change;
        ProfileDifferenceNode node = row.Node;
        text.Append(
            $"{Value(change.A)} -> {Value(change.B)} ({Percent(change)}, #{node.HitsA} -> #{node.HitsB}) {node.Text}"
        );
        foreach (string line in node.Tail)
        {
            newLine();
            text.Append((byte)' ');
            text.Append(line);
        }

        string Value(double value) => row.Profile.UsesTime ? TimeText.Human(Math.Round(value)) : $"{value:0.##}";
    }

    /// <summary>Writes a table that has no rows, or none with a difference, in one line.</summary>
    private static bool WriteWhole<T>(Utf8Builder text, int shown, IReadOnlyList<T> rows, Func<T, bool> isSame)
    {
        if (shown > 0 && !rows.All(isSame))
            return false;

        text.Append(
            shown == 0 ? "  None\n"
            : rows.Count == 1 ? "  The same in both: 1\n"
            : $"  The same in both: all {rows.Count}\n"
        );
        return true;
    }

    private static string Signed(double value, string format) => value.ToString($"+{format};-{format};{format}");

    private static void WriteRest(Utf8Builder text, int count)
    {
        if (count > 0)
            text.Append($"  ... and {count} more (--limit 0 shows all)\n");
    }
}
