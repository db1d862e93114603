using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Osprey.Packets;

/// <summary>Writes a packet's line piece by piece, as ASCII, without allocating.</summary>
/// <remarks>Call <see cref="Complete"/> at the end: only then is everything in the buffer writer.</remarks>
internal ref struct PacketText(IBufferWriter<byte> output)
{
    private const int ChunkSize = 256;
    private const int LongestNumber = 20;

    private readonly IBufferWriter<byte> _output = output;
    private Span<byte> _chunk;
    private int _used;

    public void Write(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        _used += text.Length;
    }

    public void Write(byte character)
    {
        Reserve(1)[0] = character;
        _used++;
    }

    public void WriteNumber(uint value) => WriteNumber((ulong)value);

    public void WriteNumber(ulong value)
    {
        Utf8Formatter.TryFormat(value, Reserve(LongestNumber), out int written);
        _used += written;
    }

    public void WriteNumber(int value)
    {
        Utf8Formatter.TryFormat(value, Reserve(LongestNumber), out int written);
        _used += written;
    }

    /// <summary>Writes a decimal number with zeros in front up to <paramref name="digits"/>.</summary>
    public void WriteNumber(uint value, byte digits)
    {
        Utf8Formatter.TryFormat(value, Reserve(LongestNumber), out int written, new StandardFormat('D', digits));
        _used += written;
    }

    /// <summary>Writes <paramref name="before"/>, then the number.</summary>
    public void Write(scoped ReadOnlySpan<byte> before, uint value)
    {
        Write(before);
        WriteNumber(value);
    }

    /// <summary>As <see cref="Write(ReadOnlySpan{byte}, uint)"/>, then <paramref name="after"/>.</summary>
    public void Write(scoped ReadOnlySpan<byte> before, uint value, scoped ReadOnlySpan<byte> after)
    {
        Write(before, value);
        Write(after);
    }

    /// <summary>Writes lower-case hex digits, at least <paramref name="digits"/> of them, without 0x.</summary>
    public void WriteHex(uint value, byte digits = 1)
    {
        Utf8Formatter.TryFormat(value, Reserve(LongestNumber), out int written, new StandardFormat('x', digits));
        _used += written;
    }

    /// <summary>Writes each byte as two hex digits.</summary>
    public void WriteHex(scoped ReadOnlySpan<byte> bytes)
    {
        foreach (byte part in bytes)
            WriteHex(part, 2);
    }

    /// <summary>Writes the first bytes of something unknown as pairs, as a hex dump's first row has them.</summary>
    public void WriteHexSummary(scoped ReadOnlySpan<byte> bytes)
    {
        const int RowSize = 16;
        ReadOnlySpan<byte> row = bytes[..Math.Min(bytes.Length, RowSize)];
        for (int i = 0; i < row.Length; i++)
        {
            if (i != 0 && i % 2 == 0)
                Write((byte)' ');

            WriteHex(row[i], 2);
        }

        if (bytes.Length > RowSize)
            Write(" ..."u8);
    }

    /// <summary>Writes a link-layer address of any length.</summary>
    public void WriteLinkAddress(scoped ReadOnlySpan<byte> address)
    {
        if (address.IsEmpty)
            Write("<empty>"u8);

        for (int i = 0; i < address.Length; i++)
        {
            if (i != 0)
                Write((byte)':');

            WriteHex(address[i], 2);
        }
    }

    /// <summary>Writes an IPv4 address for 4 bytes, an IPv6 address for 16.</summary>
    public void WriteAddress(scoped ReadOnlySpan<byte> address)
    {
        if (address.Length == 4)
            WriteIPv4(address);
        else
            WriteIPv6(address);
    }

    /// <summary>
    /// Writes what stands where the captured bytes ended inside of <paramref name="protocol"/>'s data.
    /// </summary>
    public void WriteCut(scoped ReadOnlySpan<byte> protocol)
    {
        Write(" [|"u8);
        Write(protocol);
        Write((byte)']');
    }

    public void WriteInvalid() => Write(" (invalid)"u8);

    /// <summary>Writes a byte that should be text: control and 8-bit characters as <c>^X</c> and <c>M-X</c>.</summary>
    public void WriteEscaped(byte character)
    {
        if (character >= 0x80)
        {
            Write("M-"u8);
            character &= 0x7f;
        }

        if (character is < 0x20 or 0x7f)
        {
            Write((byte)'^');
            character ^= 0x40;
        }

        Write(character);
    }

    /// <summary>Hands what was written to the buffer writer.</summary>
    public void Complete()
    {
        if (_used != 0)
            _output.Advance(_used);

        _chunk = default;
        _used = 0;
    }

    private void WriteIPv4(scoped ReadOnlySpan<byte> address)
    {
        for (int i = 0; i < address.Length; i++)
        {
            if (i != 0)
                Write((byte)'.');

            WriteNumber(address[i]);
        }
    }

    /// <summary>
    /// The short form of RFC 5952: the first longest run of two or more zero groups becomes <c>::</c>.
    /// </summary>
    private void WriteIPv6(scoped ReadOnlySpan<byte> address)
    {
        const int Groups = 8;
        (int runStart, int runLength) = FindZeroRun(address);
        bool embedsIPv4 =
            runStart == 0
            && (runLength == 6 || (runLength == 5 && BinaryPrimitives.ReadUInt16BigEndian(address[10..]) == 0xffff));
        for (int i = 0; i < Groups; i++)
        {
            if (i == runStart)
            {
                Write("::"u8);
                i += runLength - 1;
                continue;
            }

            if (i != 0 && i != runStart + runLength)
                Write((byte)':');

            if (i == 6 && embedsIPv4)
            {
                WriteIPv4(address[12..]);
                return;
            }

            WriteHex(BinaryPrimitives.ReadUInt16BigEndian(address[(2 * i)..]));
        }
    }

    private static (int Start, int Length) FindZeroRun(scoped ReadOnlySpan<byte> address)
    {
        (int Start, int Length) best = (-2, 1);
        for (int i = 0; i < 8; i++)
        {
            int end = i;
            while (end < 8 && BinaryPrimitives.ReadUInt16BigEndian(address[(2 * end)..]) == 0)
                end++;

            if (end - i > best.Length)
                best = (i, end - i);

            i = end;
        }

        return best;
    }

    private Span<byte> Reserve(int size)
    {
        if (_chunk.Length - _used < size)
        {
            Complete();
            _chunk = _output.GetSpan(Math.Max(size, ChunkSize));
        }

        return _chunk[_used..];
    }
}
