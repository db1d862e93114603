using System.Text;

namespace Osprey.Binary.Elf.Symbols;

/// <summary>A symbol table over the bytes of its section; entries are decoded when asked for.</summary>
public sealed class ElfSymbolTable
{
    /// <summary>Bytes of one entry of a 64-bit file.</summary>
    public const int EntrySize = 24;

    private readonly ReadOnlyMemory<byte> _entries;
    private readonly ReadOnlyMemory<byte> _names;
    private readonly bool _bigEndian;

    /// <param name="name">Name of the section, for errors.</param>
    /// <param name="entries">The section's bytes; what follows the last whole entry is ignored.</param>
    /// <param name="names">The bytes of the string table that goes with it.</param>
    /// <param name="bigEndian">Byte order of the file.</param>
    public ElfSymbolTable(string name, ReadOnlyMemory<byte> entries, ReadOnlyMemory<byte> names, bool bigEndian = false)
    {
        Name = name;
        _entries = entries;
        _names = names;
        _bigEndian = bigEndian;
        Count = entries.Length / EntrySize;
    }

    /// <summary>A table without entries.</summary>
    public static ElfSymbolTable Empty { get; } = new("", default, default);

    /// <summary>Name of the section.</summary>
    public string Name { get; }

    /// <summary>Entries, with the empty first one that every table has.</summary>
    public int Count { get; }

    /// <summary>The entry at <paramref name="index"/>.</summary>
    public ElfSymbol this[int index]
    {
        get
        {
            ReadOnlySpan<byte> entry = _entries.Span.Slice(index * EntrySize, EntrySize);
            var reader = new ByteReader(entry, Name, (long)index * EntrySize, _bigEndian);
            uint nameOffset = reader.ReadUInt32();
            byte info = reader.ReadByte();
            reader.Skip(1);
            ushort section = reader.ReadUInt16();
            ulong value = reader.ReadUInt64();
            ulong size = reader.ReadUInt64();
            return new ElfSymbol(
                nameOffset,
                (ElfSymbolType)(info & 0xf),
                (ElfSymbolBinding)(info >> 4),
                section,
                value,
                size
            );
        }
    }

    /// <summary>A symbol's name as it is stored; empty when it lies outside of the strings.</summary>
    public ReadOnlySpan<byte> GetNameBytes(uint nameOffset)
    {
        if (nameOffset >= (uint)_names.Length)
            return default;

        ReadOnlySpan<byte> rest = _names.Span[(int)nameOffset..];
        int length = rest.IndexOf((byte)0);
        return length < 0 ? default : rest[..length];
    }

    /// <summary>As <see cref="GetNameBytes"/>, decoded as UTF-8.</summary>
    public string GetName(uint nameOffset) => Encoding.UTF8.GetString(GetNameBytes(nameOffset));

    /// <summary>Looks for a defined symbol by its name as stored, from the first to the last.</summary>
    public ElfSymbol? Find(string name)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        for (int i = 1; i < Count; i++)
        {
            ElfSymbol symbol = this[i];
            if (symbol.SectionIndex != 0 && GetNameBytes(symbol.NameOffset).SequenceEqual(wanted))
                return symbol;
        }

        return null;
    }
}
