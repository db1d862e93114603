using System.Globalization;
using System.Text;

namespace Osprey.Binary.Demangling;

/// <summary>
/// Reads the older form of Rust's symbol names: a C++ name of nested parts, the last of them a hash, in which
/// characters that C++ names can't have are written as <c>$LT$</c> and the like.
/// </summary>
internal static class RustLegacyDemangler
{
    private const string Prefix = "_ZN";
    private const int HashLength = 17; // h and 16 hexadecimal digits

    /// <summary>Random hashes have many different digits; this tells them from names that only look like one.</summary>
    private const int MinDistinctDigits = 5;

    /// <summary>The name as written, without the hash; null when it is not such a name.</summary>
    public static string? TryDemangle(string name)
    {
        string body = RemoveSuffix(name);
        if (!body.StartsWith(Prefix, StringComparison.Ordinal) || !body.EndsWith('E'))
            return null;

        var parts = new List<string>();
        int at = Prefix.Length;
        while (at < body.Length - 1)
        {
            int digits = at;
            while (digits < body.Length && char.IsAsciiDigit(body[digits]))
                digits++;

            if (
                !int.TryParse(
                    body.AsSpan(at, digits - at),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int size
                )
                || size == 0
                || size > body.Length - 1 - digits
            )
                return null;

            parts.Add(body.Substring(digits, size));
            at = digits + size;
        }

        if (parts.Count < 2 || !IsHash(parts[^1]))
            return null;

        var text = new StringBuilder();
        foreach (string part in parts.SkipLast(1))
        {
            if (text.Length > 0)
                text.Append("::");

            AppendPart(text, part);
        }

        return text.ToString();
    }

    /// <summary>LLVM adds a suffix to symbols that it made public: <c>.llvm.</c> and a number.</summary>
    private static string RemoveSuffix(string name)
    {
        int suffix = name.IndexOf(".llvm.", StringComparison.Ordinal);
        return suffix < 0 ? name : name[..suffix];
    }

    private static bool IsHash(string part) =>
        part.Length == HashLength
        && part[0] == 'h'
        && part.Skip(1).All(char.IsAsciiHexDigitLower)
        && part.Skip(1).Distinct().Count() >= MinDistinctDigits;

    private static void AppendPart(StringBuilder text, string part)
    {
        // A part that begins with an escape has an underscore before it, so that it is an identifier.
        int at = part.StartsWith("_$", StringComparison.Ordinal) ? 1 : 0;
        while (at < part.Length)
        {
            if (part[at] == '.')
            {
                bool isPath = at + 1 < part.Length && part[at + 1] == '.';
                text.Append(isPath ? "::" : ".");
                at += isPath ? 2 : 1;
            }
            else if (part[at] == '$' && TryReadEscape(part, at, out string character, out int length))
            {
                text.Append(character);
                at += length;
            }
            else
            {
                text.Append(part[at++]);
            }
        }
    }

    private static bool TryReadEscape(string part, int at, out string character, out int length)
    {
        int end = part.IndexOf('$', at + 1);
        string name = end < 0 ? "" : part[(at + 1)..end];
        length = name.Length + 2;
        character = name switch
        {
            "SP" => "@",
            "BP" => "*",
            "RF" => "&",
            "LT" => "<",
            "GT" => ">",
            "LP" => "(",
            "RP" => ")",
            "C" => ",",
            _ => ReadCodePoint(name),
        };
        return character.Length > 0;
    }

    private static string ReadCodePoint(string name) =>
        name.Length is > 1 and <= 7
        && name[0] == 'u'
        && int.TryParse(name.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
        && Rune.IsValid(value)
        && !Rune.IsControl(new Rune(value))
            ? new Rune(value).ToString()
            : "";
}
