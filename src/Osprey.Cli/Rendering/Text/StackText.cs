using System.Globalization;
using Osprey.Cli.Commands.Guest;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Session.Guests.Code;
using Osprey.Target.Unwinding;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Stacks as text.</summary>
internal static class StackText
{
    private const int ShownRounds = 2;

    /// <summary>Writes the frames of one stack; of an endless recursion only the first rounds.</summary>
    public static void WriteFrames(IEnumerable<StackRow> rows, Backtrace backtrace, Output output)
    {
        IReadOnlyList<StackRow> all = [.. rows];
        int next = 0;
        while (next < all.Count)
        {
            if (StackRecursion.FindAt(all, next) is not { } recursion)
            {
                WriteFrame(all[next++], output);
                continue;
            }

            int left = next + (ShownRounds * recursion.Period);
            while (next < left)
                WriteFrame(all[next++], output);

            next = recursion.Start + (recursion.Rounds * recursion.Period);
            output.Text.Append(Describe(recursion, all[left], all[next - 1]));
        }

        if (!backtrace.End.IsComplete || backtrace.End.Detail is not null)
            output.Text.Append($"     ({backtrace.End})\n");

        foreach (string note in backtrace.Notes)
            output.Text.Append($"     note: {note}\n");
    }

    private static string Describe(StackRecursion recursion, StackRow first, StackRow last)
    {
        string frames = recursion.Period == 1 ? "this frame" : $"these {recursion.Period} frames";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"     ({frames} {recursion.Rounds - ShownRounds} more times: "
                + $"#{first.Frame.Number} to #{last.Frame.Number})\n"
        );
    }

    private static void WriteFrame(StackRow row, Output output)
    {
        output.Text.Append(FormatRow(row.Frame, output));
        if (row.Source is { } source)
            WriteSource(source, output);

        foreach (StackVariable variable in row.Variables ?? [])
            output.Text.Append($"         {TerminalText.Escape(variable.Variable.Name)} = {variable.Shown.ToText()}\n");
    }

    private static void WriteSource(SourceExcerpt source, Output output)
    {
        if (source.Origin is null)
            output.Text.Append("         (its source is not here)\n");

        SourceCommand.WriteLines(source, "       ", output);
    }

    private static string FormatRow(BacktraceRow row, Output output)
    {
        string function = row.Function ?? "??";
        if (output.ShortensNames)
            function = ShortNames.Shorten(function);

        string place = row.File is null
            ? row.Module is null
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $" in {Path.GetFileName(row.Module)}+0x{row.ModuleOffset:x}"
                )
            : row.Line is int line
                ? $" at {row.File}:{line}"
                : $" at {row.File}";
        string address = row.IsInlined
            ? new string(' ', 18)
            : string.Create(CultureInfo.InvariantCulture, $"0x{row.Address:x16}");
        return TerminalText.Escape(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"#{row.Number, -3} {address} {function}{place}{(row.IsInlined ? " (inlined)" : "")}"
                )
            ) + "\n";
    }
}
