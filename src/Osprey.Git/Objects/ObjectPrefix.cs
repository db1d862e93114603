using System.Diagnostics.CodeAnalysis;

namespace Osprey.Git.Objects;

/// <summary>The first hexadecimal digits of an object's name.</summary>
internal sealed class ObjectPrefix
{
    /// <summary>Fewer digits are no abbreviation, as in git.</summary>
    public const int MinDigits = 4;

    private readonly byte[] _bytes;

    private ObjectPrefix(string digits)
    {
        Digits = digits;
        _bytes = Convert.FromHexString(digits.Length % 2 == 0 ? digits : digits + "0");
    }

    /// <summary>The digits, in lower case.</summary>
    public string Digits { get; }

    /// <summary>The first byte of the names that may fit.</summary>
    public byte FirstByte => _bytes[0];

    public static bool TryParse(
        ReadOnlySpan<char> digits,
        ObjectFormat format,
        [NotNullWhen(true)] out ObjectPrefix? prefix
    )
    {
        prefix = null;
        if (digits.Length < MinDigits || digits.Length > 2 * format.Size)
            return false;

        foreach (char digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
        }

        prefix = new ObjectPrefix(digits.ToString().ToLowerInvariant());
        return true;
    }

    /// <summary>Compares with a whole name.</summary>
    /// <returns>Negative when all names that fit are above it, 0 when it fits, positive when they are below.</returns>
    public int CompareTo(ReadOnlySpan<byte> name)
    {
        int whole = Digits.Length / 2;
        int order = _bytes.AsSpan(0, whole).SequenceCompareTo(name[..whole]);
        return order != 0 || whole == _bytes.Length ? order : (_bytes[whole] >> 4).CompareTo(name[whole] >> 4);
    }
}
