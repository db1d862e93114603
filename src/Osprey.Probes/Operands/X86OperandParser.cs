namespace Osprey.Probes.Operands;

/// <summary>Reads operands of x86 in AT&amp;T syntax: <c>%esi</c>, <c>$5</c>, <c>-8(%rbp,%rcx,4)</c>.</summary>
internal static class X86OperandParser
{
    /// <summary>Reads an operand; null when it is not understood.</summary>
    public static ProbeOperand? Parse(ReadOnlySpan<char> text, bool is64Bit)
    {
        text = text.Trim();
        if (text.StartsWith("$"))
            return OperandNumber.TryParse(text[1..], out long value) ? new ProbeOperand.Immediate(value) : null;

        string? segment = null;
        if (text.StartsWith("%fs:") || text.StartsWith("%gs:"))
        {
            segment = text[1..3].ToString();
            text = text[4..];
        }
        else if (text.StartsWith("%"))
        {
            return X86RegisterNames.Find(text[1..], is64Bit);
        }

        int open = text.IndexOf('(');
        ReadOnlySpan<char> inside = default;
        if (open >= 0)
        {
            if (!text.EndsWith(")"))
                return null;

            inside = text[(open + 1)..^1];
            text = text[..open];
        }

        if (!OperandNumber.TryParseSum(text, out long displacement, out string? symbol))
            return null;

        if (open < 0)
            // A number without $ is an address, which only a segment or a symbol makes sense of.
            return segment is null && symbol is null
                ? null
                : new ProbeOperand.Memory(displacement, Symbol: symbol, Segment: segment);

        return ParseAddress(inside, is64Bit) is var (baseNumber, index, scale)
            ? new ProbeOperand.Memory(displacement, baseNumber, index, scale, symbol, segment)
            : null;
    }

    private static (int Base, int Index, int Scale)? ParseAddress(ReadOnlySpan<char> text, bool is64Bit)
    {
        Span<Range> parts = stackalloc Range[4];
        int count = text.Split(parts, ',');
        if (count is < 1 or > 3)
            return null;

        int baseNumber = ParseRegister(text[parts[0]], is64Bit);
        int index = count > 1 ? ParseRegister(text[parts[1]], is64Bit) : -1;
        long scale = 1;
        if (count > 2 && (!OperandNumber.TryParse(text[parts[2]], out scale) || scale is not (1 or 2 or 4 or 8)))
            return null;

        return baseNumber < -1 || index < -1 || (baseNumber == -1 && index == -1)
            ? null
            : (baseNumber, index, (int)scale);
    }

    /// <summary>The DWARF number of a register in an address; -1 for no text, -2 for another text.</summary>
    private static int ParseRegister(ReadOnlySpan<char> text, bool is64Bit)
    {
        text = text.Trim();
        if (text.IsEmpty)
            return -1;

        if (text is "%rip" && is64Bit)
            return X86RegisterNames.ProgramCounter64;

        return
            text.StartsWith("%")
            && X86RegisterNames.Find(text[1..], is64Bit) is { Shift: 0 } register
            && register.Size == (is64Bit ? 8 : 4)
            ? register.Number
            : -2;
    }
}
