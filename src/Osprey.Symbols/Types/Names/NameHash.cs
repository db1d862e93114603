using System.Text;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// Hashes names so that spellings of one type are equal: blanks do not count, nor does the order of the words of
/// <c>unsigned long int</c>, nor whether its <c>int</c> is there, nor the suffix of a number.
/// </summary>
internal static class NameHash
{
    /// <summary>What names at the outermost level are combined with.</summary>
    public const ulong Root = 0x9e37_79b9_7f4a_7c15;

    private const ulong Prime = 0x0000_0100_0000_01b3;
    private const byte Letter = 0;
    private const byte Blank = 1;

    private static readonly byte[] s_kinds = Classify();
    private static readonly ulong s_int = OfToken("int"u8);
    private static readonly ulong s_long = OfToken("long"u8);
    private static readonly ulong s_short = OfToken("short"u8);
    private static readonly ulong s_unsigned = OfToken("unsigned"u8);
    private static readonly ulong s_signed = OfToken("signed"u8);
    private static readonly ulong s_char = OfToken("char"u8);

    /// <summary>The hash of a name within the scope of another hash.</summary>
    public static ulong Combine(ulong scope, ulong name) => unchecked(Mix((scope * 0xff51_afd7_ed55_8ccd) ^ name));

    /// <summary>The hash of a name without namespaces and classes around it.</summary>
    public static ulong Of(string name) => Of(Encoding.UTF8.GetBytes(name));

    /// <inheritdoc cref="Of(string)"/>
    public static ulong Of(ReadOnlySpan<byte> name)
    {
        var words = default(Words);
        ulong hash = Root;
        ulong token = 0;
        bool isNumber = false;
        byte[] kinds = s_kinds;
        unchecked
        {
            foreach (byte item in name)
            {
                byte kind = kinds[item];
                if (kind == Letter)
                {
                    if (token == 0)
                        isNumber = item is >= (byte)'0' and <= (byte)'9';

                    if (!isNumber || (item | 0x20) is not ('u' or 'l'))
                        token = ((token ^ item) + Prime) * Prime;

                    continue;
                }

                if (token != 0)
                    words.Add(token);

                token = 0;
                if (kind != Blank)
                {
                    hash = Mix(hash ^ words.Take());
                    hash = Mix(hash ^ item);
                }
            }

            if (token != 0)
                words.Add(token);

            return Mix(hash ^ words.Take());
        }
    }

    private static ulong OfToken(ReadOnlySpan<byte> text)
    {
        ulong token = 0;
        foreach (byte item in text)
            token = unchecked(((token ^ item) + Prime) * Prime);

        return token;
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value ^= value >> 32;
            value *= 0xd6e8_feb8_6659_fd93;
            return value ^ (value >> 32);
        }
    }

    private static byte[] Classify()
    {
        byte[] kinds = new byte[256];
        for (int i = 0; i < kinds.Length; i++)
        {
            char item = (char)i;
            kinds[i] = item is '_' or '$' || i >= 0x80 || char.IsAsciiLetterOrDigit(item) ? Letter
                : item is ' ' or '\t' ? Blank
                : (byte)2;
        }

        return kinds;
    }

    /// <summary>The words between two signs: their order does not count.</summary>
    private struct Words
    {
        private ulong _sum;
        private bool _hasInt;
        private bool _hasWidth;
        private bool _hasSigned;
        private bool _hasChar;

        public void Add(ulong token)
        {
            if (token == s_int)
            {
                _hasInt = true;
            }
            else if (token == s_signed)
            {
                _hasSigned = true;
            }
            else
            {
                _hasWidth |= token == s_long || token == s_short || token == s_unsigned;
                _hasChar |= token == s_char;
                _sum = unchecked(_sum + Mix(token));
            }
        }

        public ulong Take()
        {
            ulong sum = _sum;
            if (_hasSigned && _hasChar)
                sum = unchecked(sum + Mix(s_signed));
            else
                _hasInt |= _hasSigned;

            if (_hasInt && !_hasWidth)
                sum = unchecked(sum + Mix(s_int));

            this = default;
            return sum;
        }
    }
}
