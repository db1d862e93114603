using Osprey.Symbols.Types;
using Osprey.Values.Floats;

namespace Osprey.Values.Expressions;

/// <summary>Parses numbers in the syntax of C and C++.</summary>
internal static class NumberLiteral
{
    /// <summary>Parses a number.</summary>
    /// <exception cref="ExpressionException">The text is not a number, or the number fits no type.</exception>
    public static Token Parse(string text, int position)
    {
        var token = new Token(TokenKind.Number, text, position, position + text.Length);
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isFloat = text.AsSpan().IndexOfAny(isHex ? ".pP" : ".eE") >= 0;
        if (isFloat)
            return ParseFloat(token, text);

        bool isBinary = text.StartsWith("0b", StringComparison.OrdinalIgnoreCase);
        int end = text.Length;
        while (end > 1 && text[end - 1] is 'u' or 'U' or 'l' or 'L')
            end--;

        string suffix = text[end..].ToLowerInvariant();
        if (suffix is not ("" or "u" or "l" or "ul" or "lu" or "ll" or "ull" or "llu"))
            throw Invalid(text, position);

        int radix =
            isHex ? 16
            : isBinary ? 2
            : text[0] == '0' ? 8
            : 10;
        string digits = isHex || isBinary ? text[2..end] : text[..end];
        UInt128 value = ParseDigits(digits, radix, text, position);
        return token with { Integer = value, Type = ChooseType(value, radix == 10, suffix, position) };
    }

    private static UInt128 ParseDigits(string digits, int radix, string text, int position)
    {
        UInt128 value = 0;
        int count = 0;
        foreach (char c in digits)
        {
            if (c == '_')
                continue;

            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
                throw Invalid(text, position);

            if (value > (UInt128.MaxValue - (UInt128)digit) / (UInt128)radix)
                throw new ExpressionException("Numeric constant too large.", position);

            value = (value * (UInt128)radix) + (UInt128)digit;
            count++;
        }

        return count > 0 ? value : throw Invalid(text, position);
    }

    /// <summary>
    /// Chooses the first type that the number fits, in the order of the C standard (C17, 6.4.4.1 "Integer constants").
    /// </summary>
    private static BaseType ChooseType(UInt128 value, bool isDecimal, string suffix, int position)
    {
        bool isUnsigned = suffix.Contains('u', StringComparison.Ordinal);
        bool canBeUnsigned = isUnsigned || !isDecimal;
        int longs = suffix.Count(c => c == 'l');
        if (longs == 0)
        {
            if (!isUnsigned && value <= int.MaxValue)
                return BuiltinTypes.Int;

            if (canBeUnsigned && value <= uint.MaxValue)
                return BuiltinTypes.UnsignedInt;
        }

        bool isLongLong = longs == 2;
        if (!isUnsigned && value <= long.MaxValue)
            return isLongLong ? BuiltinTypes.LongLong : BuiltinTypes.Long;

        if (value <= ulong.MaxValue && (canBeUnsigned || longs >= 0))
            return isLongLong ? BuiltinTypes.UnsignedLongLong : BuiltinTypes.UnsignedLong;

        throw new ExpressionException("Numeric constant too large.", position);
    }

    private static Token ParseFloat(Token token, string text)
    {
        // The last digits of a number in hexadecimal can be letters too, but not those of its exponent.
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool canHaveSuffix = !isHex || text.AsSpan().IndexOfAny('p', 'P') >= 0;
        BaseType type = text[^1] switch
        {
            'f' or 'F' when canHaveSuffix => BuiltinTypes.Float,
            'l' or 'L' => BuiltinTypes.LongDouble,
            _ => BuiltinTypes.Double,
        };
        string digits = type == BuiltinTypes.Double ? text : text[..^1];
        return FloatParser.TryParse(digits, FloatFormat.Find(type)!, out BinaryFloat value)
            ? token with
            {
                Float = value,
                Type = type,
            }
            : throw Invalid(text, token.Position);
    }

    private static ExpressionException Invalid(string text, int position) =>
        new($"Invalid number \"{text}\".", position);
}
