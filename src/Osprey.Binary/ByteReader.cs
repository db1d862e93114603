using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Osprey.Binary;

/// <summary>Reads a byte range front to back. Never reads past its end; never copies.</summary>
/// <param name="data">The bytes to read.</param>
/// <param name="source">Name of the input, for errors.</param>
/// <param name="start">Offset of the first byte of <paramref name="data"/> within <paramref name="source"/>.</param>
/// <param name="bigEndian">True when multi-byte values are big-endian.</param>
public ref struct ByteReader(ReadOnlySpan<byte> data, string source, long start = 0, bool bigEndian = false)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    /// <summary>Name of the input, for errors.</summary>
    public readonly string Source => source;

    /// <summary>Offset of the next byte within <see cref="Source"/>.</summary>
    public readonly long Offset => start + _position;

    /// <summary>Number of bytes already read.</summary>
    public readonly int Position => _position;

    /// <summary>Number of bytes left.</summary>
    public readonly int Remaining => _data.Length - _position;

    /// <summary>True when every byte was read.</summary>
    public readonly bool IsAtEnd => _position == _data.Length;

    /// <summary>True when multi-byte values are big-endian.</summary>
    public readonly bool IsBigEndian => bigEndian;

    /// <summary>Reads one byte.</summary>
    /// <exception cref="BadDataException">No byte is left.</exception>
    public byte ReadByte()
    {
        if ((uint)_position >= (uint)_data.Length)
            ThrowTruncated(1);

        return _data[_position++];
    }

    /// <summary>Reads one signed byte.</summary>
    /// <exception cref="BadDataException">No byte is left.</exception>
    public sbyte ReadSByte() => unchecked((sbyte)Take(1)[0]);

    /// <summary>Reads an unsigned integer of 2 bytes.</summary>
    /// <exception cref="BadDataException">Fewer bytes are left.</exception>
    public ushort ReadUInt16()
    {
        ReadOnlySpan<byte> bytes = Take(sizeof(ushort));
        return bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    /// <summary>Reads an unsigned integer of 4 bytes.</summary>
    /// <exception cref="BadDataException">Fewer bytes are left.</exception>
    public uint ReadUInt32()
    {
        ReadOnlySpan<byte> bytes = Take(sizeof(uint));
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>Reads a signed integer of 4 bytes.</summary>
    /// <exception cref="BadDataException">Fewer bytes are left.</exception>
    public int ReadInt32() => unchecked((int)ReadUInt32());

    /// <summary>Reads an unsigned integer of 8 bytes.</summary>
    /// <exception cref="BadDataException">Fewer bytes are left.</exception>
    public ulong ReadUInt64()
    {
        ReadOnlySpan<byte> bytes = Take(sizeof(ulong));
        return bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads a signed integer of 8 bytes.</summary>
    /// <exception cref="BadDataException">Fewer bytes are left.</exception>
    public long ReadInt64() => unchecked((long)ReadUInt64());

    /// <summary>Reads an unsigned integer of 1 to 8 bytes.</summary>
    /// <param name="size">Size of the integer in bytes, 1 to 8.</param>
    /// <exception cref="BadDataException">Fewer bytes are left.</exception>
    public ulong ReadUnsigned(int size)
    {
        if (size is < 1 or > 8)
            throw new ArgumentOutOfRangeException(nameof(size));

        ReadOnlySpan<byte> bytes = Take((ulong)size);
        ulong value = 0;
        for (int i = 0; i < size; i++)
            value = (value << 8) | bytes[bigEndian ? i : size - 1 - i];

        return value;
    }

    /// <summary>Reads an unsigned LEB128 number.</summary>
    /// <exception cref="BadDataException">The number is cut short or does not fit in 64 bits.</exception>
    public ulong ReadUleb128()
    {
        // Nearly all such numbers have one or two bytes.
        ReadOnlySpan<byte> rest = _data[_position..];
        if (rest.Length >= 2)
        {
            uint first = rest[0];
            uint second = rest[1];
            if (first < 0x80)
            {
                _position++;
                return first;
            }

            if (second < 0x80)
            {
                _position += 2;
                return (first & 0x7f) | (second << 7);
            }
        }

        return ReadLongUleb128();
    }

    private ulong ReadLongUleb128()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = ReadByte();
            if (shift < 64)
            {
                ulong bits = part & 0x7fu;
                if (shift == 63 && bits > 1)
                    ThrowBad("a LEB128 number over 64 bits");

                value |= bits << shift;
            }
            else if ((part & 0x7f) != 0)
            {
                ThrowBad("a LEB128 number over 64 bits");
            }

            if ((part & 0x80) == 0)
                return value;
        }
    }

    /// <summary>Reads a signed LEB128 number; bits above the 64th are ignored.</summary>
    /// <exception cref="BadDataException">The number is cut short.</exception>
    public long ReadSleb128()
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = ReadByte();
            if (shift < 64)
                value |= (long)(part & 0x7f) << shift;

            if ((part & 0x80) != 0)
                continue;

            if (shift + 7 < 64 && (part & 0x40) != 0)
                value |= -1L << (shift + 7);

            return value;
        }
    }

    /// <summary>Reads up to a NUL and past it. The NUL is not part of the result.</summary>
    /// <exception cref="BadDataException">There is no NUL before the end.</exception>
    public ReadOnlySpan<byte> ReadNulTerminated()
    {
        int length = _data[_position..].IndexOf((byte)0);
        if (length < 0)
            ThrowBad("a string without an end");

        ReadOnlySpan<byte> text = _data.Slice(_position, length);
        _position += length + 1;
        return text;
    }

    /// <summary>Reads a text up to a NUL and past it, as UTF-8; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="BadDataException">There is no NUL before the end.</exception>
    public string ReadNulTerminatedText() => Encoding.UTF8.GetString(ReadNulTerminated());

    /// <summary>Reads the next <paramref name="length"/> bytes, without a copy.</summary>
    /// <exception cref="BadDataException">Fewer bytes are left.</exception>
    public ReadOnlySpan<byte> ReadBytes(ulong length) => Take(length);

    /// <summary>Skips the next <paramref name="length"/> bytes.</summary>
    /// <exception cref="BadDataException">Fewer bytes are left.</exception>
    public void Skip(ulong length) => Take(length);

    /// <summary>
    /// Skips bytes until <see cref="Offset"/> is a multiple of <paramref name="alignment"/>, or to the end.
    /// </summary>
    /// <param name="alignment">A power of two.</param>
    public void Align(int alignment)
    {
        int padding = (int)(-Offset & (alignment - 1));
        _position += Math.Min(padding, Remaining);
    }

    /// <summary>Moves to <paramref name="position"/>, counted from the start of this reader's bytes.</summary>
    /// <exception cref="BadDataException">The position lies behind their end.</exception>
    public void Seek(ulong position)
    {
        if (position > (ulong)_data.Length)
            throw new BadDataException(source, start, $"position 0x{position:x} is outside of {_data.Length} bytes");

        _position = (int)position;
    }

    /// <summary>Reads the next <paramref name="length"/> bytes as a reader of their own.</summary>
    /// <exception cref="BadDataException">Fewer bytes are left.</exception>
    public ByteReader Split(ulong length)
    {
        long at = Offset;
        return new ByteReader(Take(length), source, at, bigEndian);
    }

    /// <summary>Throws a <see cref="BadDataException"/> for the next byte's place.</summary>
    /// <param name="problem">What was found and what was expected.</param>
    [DoesNotReturn]
    public readonly void ThrowBad(string problem) => throw new BadDataException(source, Offset, problem);

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)Remaining)
            ThrowTruncated(length);

        ReadOnlySpan<byte> taken = _data.Slice(_position, (int)length);
        _position += (int)length;
        return taken;
    }

    [DoesNotReturn]
    private readonly void ThrowTruncated(ulong length) =>
        throw new BadDataException(source, Offset, $"expected {length} bytes, have {Remaining}");
}
