using System.Buffers.Binary;
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

    /// <summary>Creates a table over the bytes of a section.</summary>
    /// <param name="name">Name of the section, for errors.</param>
    /// <param name="entries">The section's bytes; bytes behind the last whole entry are ignored.</param>
    /// <param name="names">The bytes of the table's names.</param>
    /// <param name="bigEndian">True when the file is big-endian.</param>
    public ElfSymbolTable(string name, ReadOnlyMemory<byte> entries, ReadOnlyMemory<byte> names, bool bigEndian = false)
    {
        Name = name;
        _entries = entries;
        _names = names;
        _bigEndian = bigEndian;
        Count = entries.Length / EntrySize;
    }

    /// <summary>
    /// The number that is added to the addresses of symbols in sections, modulo 2^64; not to those of thread-locals.
    /// </summary>
    internal ulong AddressShift { get; init; }

    /// <summary>
    /// The sections that the symbols' values count from, in a relocatable file; null when the values are addresses.
    /// </summary>
    internal IReadOnlyList<ElfSection>? Sections { get; init; }

    /// <summary>A table without entries.</summary>
    public static ElfSymbolTable Empty { get; } = new("", default, default);

    /// <summary>Name of the section.</summary>
    public string Name { get; }

    /// <summary>Number of entries, including the empty first one that every table has.</summary>
    public int Count { get; }

    /// <summary>The entry at <paramref name="index"/>, from 0 to below <see cref="Count"/>.</summary>
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
            var symbol = new ElfSymbol(
                nameOffset,
                (ElfSymbolType)(info & 0xf),
                (ElfSymbolBinding)(info >> 4),
                section,
                value,
                size
            );
            if (Sections is { } sections && symbol.IsInSection)
                symbol = Place(symbol, sections);

            return AddressShift != 0 && symbol.IsInSection && symbol.Type != ElfSymbolType.ThreadLocal
                ? symbol with
                {
                    LinkAddress = unchecked(symbol.LinkAddress + AddressShift),
                }
                : symbol;
        }
    }

    /// <summary>Returns the same table, with a number that is added to the symbols' addresses.</summary>
    internal ElfSymbolTable MoveBy(ulong shift) =>
        shift == 0
            ? this
            : new ElfSymbolTable(Name, _entries, _names, _bigEndian) { AddressShift = shift, Sections = Sections };

    /// <summary>Returns a table with the symbols of another one of the same program behind those of this one.</summary>
    internal ElfSymbolTable With(ElfSymbolTable other)
    {
        if (other.Count == 0)
            return this;

        byte[] entries = [.. _entries.Span[..(Count * EntrySize)], .. other._entries.Span[..(other.Count * EntrySize)]];
        Span<byte> moved = entries.AsSpan(Count * EntrySize);
        for (int i = 0; i < other.Count; i++)
        {
            Span<byte> offset = moved.Slice(i * EntrySize, sizeof(uint));
            uint name = unchecked(other[i].NameOffset + (uint)_names.Length);
            if (_bigEndian)
                BinaryPrimitives.WriteUInt32BigEndian(offset, name);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(offset, name);
        }

        return new ElfSymbolTable(Name, entries, (byte[])[.. _names.Span, .. other._names.Span], _bigEndian);
    }

    /// <summary>
    /// Adds the address of a symbol's section to its value; a symbol in a section without a place becomes an undefined
    /// one.
    /// </summary>
    private static ElfSymbol Place(in ElfSymbol symbol, IReadOnlyList<ElfSection> sections)
    {
        if (
            symbol.SectionIndex >= sections.Count
            || sections[symbol.SectionIndex].LinkAddress == Relocatable.SectionLayout.Nowhere
        )
            return symbol with { SectionIndex = 0 };

        return symbol.Type == ElfSymbolType.ThreadLocal
            ? symbol
            : symbol with
            {
                LinkAddress = unchecked(symbol.LinkAddress + sections[symbol.SectionIndex].LinkAddress),
            };
    }

    /// <summary>Returns a symbol's name as stored; empty when it lies outside of the strings.</summary>
    public ReadOnlySpan<byte> GetNameBytes(uint nameOffset)
    {
        if (nameOffset >= (uint)_names.Length)
            return default;

        ReadOnlySpan<byte> rest = _names.Span[(int)nameOffset..];
        int length = rest.IndexOf((byte)0);
        return length < 0 ? default : rest[..length];
    }

    /// <summary>
    /// Returns a symbol's name as stored, decoded as UTF-8; empty when it lies outside of the strings.
    /// </summary>
    public string GetName(uint nameOffset) => Encoding.UTF8.GetString(GetNameBytes(nameOffset));

    /// <summary>Lists the symbols whose names, as stored, contain a text; all for an empty one.</summary>
    /// <remarks>The names are searched in one piece: to take each one by itself costs many times as much.</remarks>
    /// <returns>Their indexes, in order.</returns>
    public IReadOnlyList<int> FindContaining(ReadOnlySpan<byte> text)
    {
        List<(uint Start, uint Last)> places = text.IsEmpty ? [(0, uint.MaxValue)] : FindPlaces(_names.Span, text);
        var found = new List<int>();
        for (int i = 1; i < Count && places.Count > 0; i++)
        {
            uint name = ReadNameOffset(i);
            int low = 0;
            int high = places.Count; // the first place that ends at the name or behind it
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (places[middle].Last < name)
                    low = middle + 1;
                else
                    high = middle;
            }

            if (low < places.Count && name >= places[low].Start)
                found.Add(i);
        }

        return found;
    }

    /// <summary>
    /// Finds the only defined symbol of a name, as stored; null when there is none, or others of the name have another
    /// address. Goes over the whole table.
    /// </summary>
    public ElfSymbol? FindOnly(string name)
    {
        ElfSymbol? found = null;
        foreach (ElfSymbol symbol in FindAll(name))
        {
            if (found is { } other && other.LinkAddress != symbol.LinkAddress)
                return null;

            found = symbol;
        }

        return found;
    }

    /// <summary>
    /// Finds the first defined symbol of a name, as stored; null when there is none. Goes over the whole table.
    /// </summary>
    public ElfSymbol? Find(string name)
    {
        foreach (ElfSymbol symbol in FindAll(name))
            return symbol;

        return null;
    }

    private IEnumerable<ElfSymbol> FindAll(string name)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        foreach (int index in FindContaining(wanted))
        {
            ElfSymbol symbol = this[index];
            if (symbol.SectionIndex != 0 && GetNameBytes(symbol.NameOffset).SequenceEqual(wanted))
                yield return symbol;
        }
    }

    private uint ReadNameOffset(int index)
    {
        ReadOnlySpan<byte> entry = _entries.Span[(index * EntrySize)..];
        return _bigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(entry)
            : BinaryPrimitives.ReadUInt32LittleEndian(entry);
    }

    /// <summary>Finds the texts that contain another one.</summary>
    /// <returns>
    /// For each its start, and the last place from which on it still contains it: names may begin within a text.
    /// </returns>
    private static List<(uint Start, uint Last)> FindPlaces(ReadOnlySpan<byte> names, ReadOnlySpan<byte> text)
    {
        List<(uint, uint)> places = [];
        for (int start = 0; start < names.Length; )
        {
            int first = names[start..].IndexOf(text);
            if (first < 0)
                break;

            first += start;
            int begin = start + names[start..first].LastIndexOf((byte)0) + 1;
            int length = names[first..].IndexOf((byte)0);
            if (length < 0)
                break; // no end: no name

            int end = first + length;
            if (names[first..end].LastIndexOf(text) is >= 0 and var last)
                places.Add(((uint)begin, (uint)(first + last)));
            start = end + 1;
        }

        return places;
    }
}
