using System.Globalization;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Allocations;
using Osprey.Symbols;

namespace Osprey.Cli.Commands.Guest.Memory;

/// <summary>Allocations as text, in the form of OSv's own tool.</summary>
internal static class AllocationsText
{
    public static void Write(AllocationsAnswer answer, Output output)
    {
        output.Text.Append(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Allocations still in memory at this time (seq={answer.List.Sequence}):\n"
            )
        );
        foreach (AllocationChain group in answer.Groups)
        {
            output.Text.Append(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"\nFound {group.Sizes.Sum} bytes in {group.Sizes.Count} allocations "
                        + $"[size {Describe(group.Sizes)}, birth {Describe(group.Births)}]\nfrom:\n"
                )
            );
            foreach (SymbolFrame frame in group.Frames)
                output.Text.Append('\t' + Format(frame, output) + '\n');

            output.FlushIfLarge();
        }
    }

    private static string Describe(NumberRange range) =>
        range.Least == range.Most
            ? range.Least.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.Least}/{range.Average:0.0}/{range.Most}");

    private static string Format(SymbolFrame frame, Output output)
    {
        string name = frame.Name ?? string.Create(CultureInfo.InvariantCulture, $"0x{frame.Address:x}");
        if (output.ShortensNames)
            name = ShortNames.Shorten(name);

        string place =
            frame.File is null ? ""
            : frame.Line is int line ? $" ({frame.File}:{line})"
            : $" ({frame.File})";
        return TerminalText.Escape(name + place + (frame.IsInlined ? " (inlined)" : ""));
    }
}
