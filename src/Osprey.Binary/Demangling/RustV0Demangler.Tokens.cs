using System.Text;

namespace Osprey.Binary.Demangling;

/// <content>Numbers and identifiers.</content>
internal sealed partial class RustV0Demangler
{
    /// <summary>Punycode's parameters (RFC 3492, section 5).</summary>
    private const int Base = 36;
    private const int MinThreshold = 1;
    private const int MaxThreshold = 26;
    private const int Skew = 38;
    private const int Damp = 700;

    private char Next() => _at < _name.Length ? _name[_at++] : throw Malformed();

    private bool TryTake(char wanted)
    {
        if (_at >= _name.Length || _name[_at] != wanted)
            return false;

        _at++;
        return true;
    }

    /// <summary>The number that tells things of one name apart; 0 when there is none.</summary>
    private ulong ReadDisambiguator() => TryTake('s') ? checked(ReadBase62() + 1) : 0;

    /// <summary>A number in digits and letters up to an underscore; the underscore alone is 0.</summary>
    private ulong ReadBase62()
    {
        if (TryTake('_'))
            return 0;

        ulong value = 0;
        while (!TryTake('_'))
        {
            char digit = Next();
            uint part =
                char.IsAsciiDigit(digit) ? (uint)(digit - '0')
                : char.IsAsciiLetterLower(digit) ? (uint)(digit - 'a' + 10)
                : char.IsAsciiLetterUpper(digit) ? (uint)(digit - 'A' + 36)
                : throw Malformed();
            if (value > (ulong.MaxValue - 2 - part) / 62)
                throw Malformed();

            value = (value * 62) + part;
        }

        return value + 1;
    }

    private string ReadHexDigits()
    {
        int start = _at;
        while (char.IsAsciiHexDigitLower(Next())) { }

        if (_name[_at - 1] != '_' || _at - 1 == start)
            throw Malformed();

        // Without leading zeros, so that the length says how large the number is.
        string digits = _name[start..(_at - 1)].TrimStart('0');
        return digits.Length == 0 ? "0" : digits;
    }

    private string ReadIdentifier()
    {
        bool isPunycode = TryTake('u');
        if (_at >= _name.Length || !char.IsAsciiDigit(_name[_at]))
            throw Malformed();

        int length = Next() - '0';
        while (length > 0 && _at < _name.Length && char.IsAsciiDigit(_name[_at]))
        {
            length = (length * 10) + (Next() - '0');
            if (length > _name.Length)
                throw Malformed();
        }

        TryTake('_');
        if (length > _name.Length - _at)
            throw Malformed();

        string text = _name.Substring(_at, length);
        _at += length;
        return isPunycode ? DecodePunycode(text) : text;
    }

    /// <summary>Decodes identifiers beyond ASCII (RFC 3492, with an underscore in the hyphen's place).</summary>
    private static string DecodePunycode(string text)
    {
        int delimiter = text.LastIndexOf('_');
        var characters = new List<int>();
        foreach (char character in delimiter < 0 ? "" : text[..delimiter])
            characters.Add(character);

        long code = 128;
        long index = 0;
        int bias = 72;
        int at = delimiter + 1;
        while (at < text.Length)
        {
            long start = index;
            long weight = 1;
            for (int step = Base; ; step += Base)
            {
                int digit = at < text.Length ? GetDigit(text[at++]) : throw Malformed();
                index += digit * weight;
                int threshold = Math.Clamp(step - bias, MinThreshold, MaxThreshold);
                if (digit < threshold)
                    break;

                weight *= Base - threshold;
                if (index > int.MaxValue || weight > int.MaxValue)
                    throw Malformed();
            }

            int count = characters.Count + 1;
            bias = Adapt(index - start, count, isFirst: start == 0);
            code += index / count;
            index %= count;
            if (code > int.MaxValue || !Rune.IsValid((int)code))
                throw Malformed();

            characters.Insert((int)index++, (int)code);
        }

        return string.Concat(characters.Select(character => new Rune(character).ToString()));
    }

    private static int GetDigit(char character) =>
        char.IsAsciiLetterLower(character) ? character - 'a'
        : char.IsAsciiDigit(character) ? character - '0' + 26
        : throw Malformed();

    private static int Adapt(long delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / count;
        int step = 0;
        while (delta > (Base - MinThreshold) * MaxThreshold / 2)
        {
            delta /= Base - MinThreshold;
            step += Base;
        }

        return (int)(step + ((Base - MinThreshold + 1) * delta / (delta + Skew)));
    }
}
