using System.Globalization;

namespace Osprey.Probes.Operands;

/// <summary>Reads operands of AArch64: <c>x0</c>, <c>w1</c>, <c>[sp, 16]</c>, <c>[x1, w2, sxtw 3]</c>.</summary>
internal static class Arm64OperandParser
{
    private const int StackPointer = 31;
    private const int FirstVector = 64;

    /// <summary>Reads an operand; null when it is not understood.</summary>
    public static ProbeOperand? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.StartsWith("["))
            return text.EndsWith("]") ? ParseAddress(text[1..^1]) : null;

        if (text is "xzr" or "wzr")
            return new ProbeOperand.Immediate(0);

        return OperandNumber.TryParse(text.StartsWith("#") ? text[1..] : text, out long value)
                ? new ProbeOperand.Immediate(value)
            : FindRegister(text) is { } register ? register
            : null;
    }

    private static ProbeOperand.Memory? ParseAddress(ReadOnlySpan<char> text)
    {
        Span<Range> parts = stackalloc Range[4];
        int count = text.Split(parts, ',');
        if (
            count is < 1 or > 3
            || FindRegister(text[parts[0]].Trim()) is not { Size: 8, Number: <= StackPointer } start
        )
            return null;

        if (count == 1)
            return new ProbeOperand.Memory(0, start.Number);

        ReadOnlySpan<char> second = text[parts[1]].Trim();
        if (FindRegister(second) is { Number: < StackPointer } index)
        {
            int shift = 0;
            IndexExtension extension = index.Size == 4 ? IndexExtension.Unsigned32 : IndexExtension.None;
            if (count == 3 && !TryParseShift(text[parts[2]].Trim(), out shift, ref extension))
                return null;

            return new ProbeOperand.Memory(0, start.Number, index.Number, 1 << shift) { Extension = extension };
        }

        if (count == 3)
            return null;

        bool isLow = second.StartsWith("#:lo12:") || second.StartsWith(":lo12:");
        if (second.StartsWith("#"))
            second = second[1..];

        // A part of a symbol's address: the register holds the rest, but how much of it is the linker's secret.
        return !isLow && OperandNumber.TryParse(second, out long displacement)
            ? new ProbeOperand.Memory(displacement, start.Number)
            : null;
    }

    private static bool TryParseShift(ReadOnlySpan<char> text, out int shift, ref IndexExtension extension)
    {
        shift = 0;
        int blank = text.IndexOf(' ');
        ReadOnlySpan<char> word = blank < 0 ? text : text[..blank];
        switch (word)
        {
            case "lsl":
                break;
            case "uxtw":
                extension = IndexExtension.Unsigned32;
                break;
            case "sxtw":
                extension = IndexExtension.Signed32;
                break;
            case "sxtx":
                break;
            default:
                return false;
        }

        if (blank < 0)
            return word is not "lsl";

        ReadOnlySpan<char> number = text[(blank + 1)..].Trim();
        if (number.StartsWith("#"))
            number = number[1..];

        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out shift) && shift <= 4;
    }

    private static ProbeOperand.Register? FindRegister(ReadOnlySpan<char> name)
    {
        if (name is "sp")
            return new ProbeOperand.Register(StackPointer, 8, 0);

        if (
            name.Length < 2
            || !int.TryParse(name[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        )
            return null;

        return name[0] switch
        {
            'x' when number <= 30 => new ProbeOperand.Register(number, 8, 0),
            'w' when number <= 30 => new ProbeOperand.Register(number, 4, 0),
            'q' or 'v' when number <= 31 => new ProbeOperand.Register(FirstVector + number, 16, 0),
            'd' when number <= 31 => new ProbeOperand.Register(FirstVector + number, 8, 0),
            's' when number <= 31 => new ProbeOperand.Register(FirstVector + number, 4, 0),
            'h' when number <= 31 => new ProbeOperand.Register(FirstVector + number, 2, 0),
            'b' when number <= 31 => new ProbeOperand.Register(FirstVector + number, 1, 0),
            _ => null,
        };
    }
}
