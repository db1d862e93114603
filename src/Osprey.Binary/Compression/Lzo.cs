namespace Osprey.Binary.Compression;

/// <summary>Unpacks LZO1X, the form of LZO that makedumpfile and builds of Linux kernels use.</summary>
/// <remarks>
/// <para>
/// No managed library of it is to be had, and it is small. The form is described in the Linux kernel's
/// Documentation/staging/lzo.rst: a run of instructions, each of which copies bytes from the input (literals) or bytes
/// that were unpacked before (a match: distance and length), or both.
/// </para>
/// <para>
/// The low values of the first byte of an instruction mean three things, by how many literals the one before copied:
/// none (a run of literals follows), 1 to 3 (a match of 2 bytes), or 4 and more (a match of 3 bytes, far away). The
/// first byte of the input has a meaning of its own. A match at distance 16,384 in the widest form is the end.
/// </para>
/// <para>
/// Input may be damaged: each read of the input, each length and each distance is checked; each instruction takes
/// input, so that there is an end.
/// </para>
/// </remarks>
internal ref struct Lzo
{
    private const int ManyLiterals = 4;

    private readonly ReadOnlySpan<byte> _input;
    private readonly Span<byte> _output;
    private int _in;
    private int _out;

    private Lzo(ReadOnlySpan<byte> input, Span<byte> output)
    {
        _input = input;
        _output = output;
    }

    /// <summary>Unpacks all of an input.</summary>
    /// <param name="input">The packed bytes, with nothing behind them.</param>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="size">The bytes that were unpacked.</param>
    /// <returns>False when the input is damaged, or <paramref name="output"/> is too small.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> input, Span<byte> output, out int size)
    {
        var lzo = new Lzo(input, output);
        bool isWhole = lzo.TryRun();
        size = lzo._out;
        return isWhole;
    }

    private bool TryRun()
    {
        int literals = 0;
        if (_input.Length > 0 && _input[0] > 17)
        {
            literals = _input[_in++] - 17;
            if (!TryCopyLiterals(literals))
                return false;

            literals = Math.Min(literals, ManyLiterals);
        }

        while (_in < _input.Length)
        {
            int code = _input[_in++];
            if (code < 16 && literals == 0)
            {
                if (!TryReadLength(code, 15, out int run) || !TryCopyLiterals(run + 3))
                    return false;

                literals = ManyLiterals;
                continue;
            }

            if (!TryReadMatch(code, literals, out int distance, out int length, out literals))
                return false;

            if (distance == 0)
                return _in == _input.Length;

            if (!TryCopyMatch(distance, length) || !TryCopyLiterals(literals))
                return false;
        }

        return false; // the end was not marked
    }

    /// <summary>Reads a match and the number of literals behind it; distance 0 is the end.</summary>
    private bool TryReadMatch(int code, int literalsBefore, out int distance, out int length, out int literals)
    {
        (distance, length, literals) = (0, 0, code & 3);
        if (code is >= 16 and < 64)
        {
            bool isFar = code < 32;
            int mask = isFar ? 7 : 31;
            if (!TryReadLength(code & mask, mask, out length) || _input.Length - _in < 2)
                return false;

            length += 2;
            int word = _input[_in] | (_input[_in + 1] << 8);
            _in += 2;
            literals = word & 3;
            int field = word >> 2;
            if (!isFar)
                distance = field + 1;
            else if (((code & 8) << 11) + field is var far and not 0)
                distance = 16384 + far;

            return true;
        }

        if (_in == _input.Length)
            return false;

        int high = _input[_in++];
        if (code >= 64)
        {
            length = code >= 128 ? 5 + ((code >> 5) & 3) : 3 + ((code >> 5) & 1);
            distance = (high << 3) + ((code >> 2) & 7) + 1;
        }
        else
        {
            bool isFar = literalsBefore == ManyLiterals;
            length = isFar ? 3 : 2;
            distance = (high << 2) + (code >> 2) + (isFar ? 2049 : 1);
        }

        return true;
    }

    /// <summary>Reads a length: the code's own bits, or, when those are 0, bytes that are added up.</summary>
    private bool TryReadLength(int bits, int largest, out int length)
    {
        length = bits;
        if (bits != 0)
            return true;

        length = largest;
        while (_in < _input.Length && _input[_in] == 0)
        {
            length += 255;
            _in++;
            if (length > _output.Length)
                return false;
        }

        if (_in == _input.Length)
            return false;

        length += _input[_in++];
        return true;
    }

    private bool TryCopyLiterals(int count)
    {
        if (count > _input.Length - _in || count > _output.Length - _out)
            return false;

        _input.Slice(_in, count).CopyTo(_output[_out..]);
        _in += count;
        _out += count;
        return true;
    }

    /// <summary>Copies byte by byte: a match may overlap what it makes.</summary>
    private bool TryCopyMatch(int distance, int length)
    {
        if (distance > _out || length > _output.Length - _out)
            return false;

        for (int i = 0; i < length; i++, _out++)
            _output[_out] = _output[_out - distance];

        return true;
    }
}
