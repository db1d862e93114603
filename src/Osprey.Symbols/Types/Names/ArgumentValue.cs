using System.Globalization;

namespace Osprey.Symbols.Types.Names;

/// <summary>A value among the arguments of a template: a number, and the type that it is cast to.</summary>
/// <param name="Number">The number; a character's code, 0 or 1 for a truth value.</param>
/// <param name="Type">The type before it in parentheses; null when there is none.</param>
internal readonly record struct ArgumentValue(Int128 Number, string? Type)
{
    private const int MaxCasts = 8;

    /// <summary>
    /// Reads a value as compilers and users write it: <c>97</c>, <c>97ul</c>, <c>'a'</c>, <c>(char)97</c>,
    /// <c>true</c>, <c>(space::color)2</c>; null when the text is no such value.
    /// </summary>
    public static ArgumentValue? Read(string text)
    {
        string? type = null;
        text = text.Trim();
        for (int i = 0; i < MaxCasts && text.Length > 2 && text[0] == '('; i++)
        {
            int end = text.IndexOf(')', StringComparison.Ordinal);
            if (end < 2 || end + 1 >= text.Length)
                return null;

            type ??= text[1..end].Trim();
            text = text[(end + 1)..].Trim();
        }

        if (text is "true" or "false")
            return new ArgumentValue(text == "true" ? 1 : 0, type);

        if (text.Length > 0 && text[0] == '\'')
            return CharacterLiteral.Read(text) is { } code ? new ArgumentValue(code, type) : null;

        return ReadNumber(text) is { } number ? new ArgumentValue(number, type) : null;
    }

    /// <summary>
    /// True when both can be the same argument. A type that only one of them has does not matter, and a type may be
    /// written without the namespaces around it.
    /// </summary>
    public bool Fits(ArgumentValue full)
    {
        if (Number != full.Number)
            return false;

        return Type is null
            || full.Type is null
            || NameHash.Of(Type) == NameHash.Of(full.Type)
            || full.Type.EndsWith("::" + Type, StringComparison.Ordinal);
    }

    private static Int128? ReadNumber(string text)
    {
        bool isNegative = text.StartsWith('-');
        string digits = (isNegative ? text[1..] : text).TrimEnd('u', 'U', 'l', 'L');
        bool isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (
            digits.Length is 0 or > 30
            || !Int128.TryParse(
                isHex ? "0" + digits[2..] : digits,
                isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture,
                out Int128 number
            )
        )
            return null;

        return isNegative ? -number : number;
    }
}
