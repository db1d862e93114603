using System.Text;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// Hashes names so that different spellings of one type have the same hash. These do not matter: blanks; the order of
/// the words of <c>unsigned long int</c>, and whether its <c>int</c> is there; the side of a type on which its
/// <c>const</c> stands; the suffix of a number.
/// </summary>
internal static class NameHash
{
    /// <summary>The scope of names at the outermost level.</summary>
    public const ulong Root = 0x9e37_79b9_7f4a_7c15;

    private const ulong Prime = 0x0000_0100_0000_01b3;
    private const byte Letter = 0;
    private const byte Blank = 1;

    // The hashes of single words. They are constants because code that was compiled ahead of time reads a static field
    // anew at each use.
    private const ulong IntWord = 0x3785300a5f6dcfc2;
    private const ulong LongWord = 0xe861e5b79d9edd4a;
    private const ulong ShortWord = 0x09f83edd438e02eb;
    private const ulong UnsignedWord = 0xacfb2797a0a792d5;
    private const ulong SignedWord = 0x3bf27464478a9b66;
    private const ulong ConstWord = 0xbebc0b0f435df310;
    private const ulong CharWord = 0x996e576a7fd27094;

    /// <summary>
    /// The kind of each byte: 0 for bytes of names and for the colons between them, 1 for a blank, 2 for any other
    /// sign.
    /// </summary>
    // csharpier-ignore
    private static ReadOnlySpan<byte> Kinds =>
        [
            2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
            1, 2, 2, 2, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2,
            2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 0,
            2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ];

    /// <summary>Returns the hash of a name within the scope of another hash.</summary>
    public static ulong Combine(ulong scope, ulong name) => unchecked(Mix((scope * 0xff51_afd7_ed55_8ccd) ^ name));

    /// <summary>Returns the hash of a name, without the namespaces and classes around it.</summary>
    public static ulong Of(string name) => Of(Encoding.UTF8.GetBytes(name));

    /// <inheritdoc cref="Of(string)"/>
    public static ulong Of(ReadOnlySpan<byte> name)
    {
        var words = default(Words);
        ulong hash = Root;
        ulong token = 0;
        ulong constants = 0;
        int depth = 0;
        bool isNumber = false;
        ReadOnlySpan<byte> kinds = Kinds;
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

                if (token == ConstWord)
                    constants |= 1UL << depth;
                else if (token != 0)
                    words.Add(token);

                token = 0;
                if (kind == Blank)
                    continue;

                hash = Mix(hash ^ words.Take());

                // A "const" belongs to the type that ends at the next sign, except a bracket around the type's
                // arguments.
                if (item == '<')
                {
                    depth = (depth + 1) & 63;
                    constants &= ~(1UL << depth);
                }
                else
                {
                    hash = TakeConstant(hash, ref constants, depth);
                    if (item == '>')
                        depth = Math.Max(0, depth - 1);
                }

                hash = Mix(hash ^ item);
            }

            if (token == ConstWord)
                constants |= 1UL << depth;
            else if (token != 0)
                words.Add(token);

            return TakeConstant(Mix(hash ^ words.Take()), ref constants, depth);
        }
    }

    private static ulong TakeConstant(ulong hash, ref ulong constants, int depth)
    {
        ulong bit = 1UL << depth;
        if ((constants & bit) == 0)
            return hash;

        constants &= ~bit;
        return Mix(hash ^ ConstWord);
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

    /// <summary>The words between two signs; their order does not matter.</summary>
    private struct Words
    {
        private ulong _sum;
        private bool _hasInt;
        private bool _hasWidth;
        private bool _hasSigned;
        private bool _hasChar;

        /// <summary>Adds the hash of a word.</summary>
        public void Add(ulong token)
        {
            if (token == IntWord)
            {
                _hasInt = true;
            }
            else if (token == SignedWord)
            {
                _hasSigned = true;
            }
            else
            {
                _hasWidth |= token == LongWord || token == ShortWord || token == UnsignedWord;
                _hasChar |= token == CharWord;
                _sum = unchecked(_sum + Mix(token));
            }
        }

        /// <summary>Returns the hash of the words so far, and removes them.</summary>
        public ulong Take()
        {
            ulong sum = _sum;
            if (_hasSigned && _hasChar)
                sum = unchecked(sum + Mix(SignedWord));
            else
                _hasInt |= _hasSigned;

            if (_hasInt && !_hasWidth)
                sum = unchecked(sum + Mix(IntWord));

            this = default;
            return sum;
        }
    }
}
