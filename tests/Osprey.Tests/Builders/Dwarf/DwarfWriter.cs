using System.Buffers.Binary;
using System.Text;

namespace Osprey.Tests.Builders.Dwarf;

/// <summary>Writes bytes, with the number formats of ELF and DWARF.</summary>
internal sealed class DwarfWriter
{
    private readonly List<byte> _bytes = [];

    public bool IsBigEndian { get; init; }

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public DwarfWriter Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public DwarfWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            _bytes.Add(value);

        return this;
    }

    public DwarfWriter UInt16(ushort value) => Unsigned(value, 2);

    public DwarfWriter UInt32(uint value) => Unsigned(value, 4);

    public DwarfWriter UInt64(ulong value) => Unsigned(value, 8);

    public DwarfWriter Unsigned(ulong value, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes = bytes[..size];
        if (IsBigEndian)
            bytes.Reverse();

        return Bytes(bytes);
    }

    public DwarfWriter Uleb(ulong value)
    {
        do
        {
            byte part = (byte)(value & 0x7f);
            value >>= 7;
            Byte((byte)(value != 0 ? part | 0x80 : part));
        } while (value != 0);
        return this;
    }

    public DwarfWriter Sleb(long value)
    {
        while (true)
        {
            byte part = (byte)(value & 0x7f);
            value >>= 7;
            bool isLast = (value == 0 && (part & 0x40) == 0) || (value == -1 && (part & 0x40) != 0);
            Byte((byte)(isLast ? part : part | 0x80));
            if (isLast)
                return this;
        }
    }

    /// <summary>Writes a text and a NUL.</summary>
    public DwarfWriter Text(string text) => Bytes(Encoding.UTF8.GetBytes(text)).Byte(0);

    public DwarfWriter Align(int alignment)
    {
        while (_bytes.Count % alignment != 0)
            Byte(0);

        return this;
    }

    public void Patch(int position, ulong value, int size)
    {
        byte[] bytes = new DwarfWriter { IsBigEndian = IsBigEndian }
            .Unsigned(value, size)
            .ToArray();
        for (int i = 0; i < size; i++)
            _bytes[position + i] = bytes[i];
    }

    /// <summary>Returns the bytes after a 32-bit count of them, as tables of DWARF start.</summary>
    public byte[] ToTable()
    {
        var table = new DwarfWriter { IsBigEndian = IsBigEndian };
        return table.UInt32((uint)Length).Bytes(ToArray()).ToArray();
    }
}
