using System.Buffers.Binary;

namespace Osprey.Binary.Elf.Symbols;

/// <summary>
/// Finds the dynamic symbol table as the dynamic linker does, by the segment for it: in a file without section headers,
/// or of which they can't be had.
/// </summary>
/// <remarks>
/// The segment has the addresses of the table and of its names, and not how many symbols there are: that is in the
/// older of the two hash tables, and follows from the newer one, whose last chain ends with the last symbol.
/// </remarks>
internal static class DynamicSegment
{
    private const int MaxEntries = 4096;
    private const uint MaxSymbols = 1 << 24;
    private const int EntrySize = 16;
    private const string Name = ".dynsym";

    /// <summary>Reads the table; it is empty when the file has none.</summary>
    /// <exception cref="BadDataException">It lies outside of the file, or its end can't be found.</exception>
    public static ElfSymbolTable ReadSymbols(ElfImage image)
    {
        Dictionary<ulong, ulong> entries = ReadEntries(image);
        if (
            !entries.TryGetValue(5, out ulong names) // DT_STRTAB
            || !entries.TryGetValue(6, out ulong symbols) // DT_SYMTAB
            || !entries.TryGetValue(10, out ulong namesSize) // DT_STRSZ
        )
            return ElfSymbolTable.Empty;

        uint count =
            entries.TryGetValue(4, out ulong hash) ? ReadNumber(image, hash + 4) // DT_HASH: nchain
            : entries.TryGetValue(0x6fff_fef5, out hash) ? CountHashed(image, hash) // DT_GNU_HASH
            : 0;
        if (count > MaxSymbols)
            throw new BadDataException(image.Source.Name, 0, $"{count} dynamic symbols are over the limit");

        return new ElfSymbolTable(
            Name,
            Slice(image, symbols, (ulong)count * ElfSymbolTable.EntrySize),
            Slice(image, names, namesSize),
            image.IsBigEndian
        );
    }

    private static Dictionary<ulong, ulong> ReadEntries(ElfImage image)
    {
        var entries = new Dictionary<ulong, ulong>();
        ElfSegment segment = image.Segments.FirstOrDefault(item => item.Type == ElfSegmentType.Dynamic);
        Span<byte> entry = stackalloc byte[EntrySize];
        for (int i = 0; i < MaxEntries && (ulong)i * EntrySize < segment.FileSize; i++)
        {
            if (image.ReadLoaded(unchecked(segment.LinkAddress + (ulong)(i * EntrySize)), entry) != EntrySize)
                throw new BadDataException(image.Source.Name, 0, "the segment for dynamic linking can't be read");

            ulong tag = Read64(image, entry);
            if (tag == 0)
                break;

            entries.TryAdd(tag, Read64(image, entry[8..]));
        }

        return entries;
    }

    /// <summary>
    /// Counts the symbols up to the last that is hashed: that of the last chain, which the lowest bit of its hash ends.
    /// </summary>
    private static uint CountHashed(ElfImage image, ulong table)
    {
        const int HeaderSize = 16;
        uint buckets = ReadNumber(image, table);
        uint first = ReadNumber(image, unchecked(table + 4));
        uint filters = ReadNumber(image, unchecked(table + 8));
        if (buckets > MaxSymbols || filters > MaxSymbols)
            throw new BadDataException(image.Source.Name, 0, "the hash table of dynamic symbols is malformed");

        ulong starts = unchecked(table + HeaderSize + (filters * (ulong)sizeof(ulong)));
        uint last = 0;
        for (uint i = 0; i < buckets; i++)
            last = Math.Max(last, ReadNumber(image, unchecked(starts + (i * sizeof(uint)))));

        if (last < first)
            return first; // none is hashed

        ulong chains = unchecked(starts + ((ulong)buckets * sizeof(uint)));
        while (
            last < MaxSymbols
            && (ReadNumber(image, unchecked(chains + ((last - first) * (ulong)sizeof(uint)))) & 1) == 0
        )
            last++;

        return last + 1;
    }

    private static ReadOnlyMemory<byte> Slice(ElfImage image, ulong linkAddress, ulong size)
    {
        foreach (ElfSegment segment in image.Segments)
        {
            ulong skipped = unchecked(linkAddress - segment.LinkAddress);
            if (
                segment.Type == ElfSegmentType.Load
                && linkAddress >= segment.LinkAddress
                && skipped < segment.FileSize
                && size <= segment.FileSize - skipped
                && segment.Offset <= long.MaxValue - skipped
            )
                return image.Source.Slice((long)(segment.Offset + skipped), (long)size);
        }

        throw new BadDataException(image.Source.Name, 0, "the dynamic symbols are in no segment of the file");
    }

    private static uint ReadNumber(ElfImage image, ulong linkAddress)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        if (image.ReadLoaded(linkAddress, bytes) != bytes.Length)
            throw new BadDataException(image.Source.Name, 0, "the hash table of dynamic symbols can't be read");

        return image.IsBigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private static ulong Read64(ElfImage image, ReadOnlySpan<byte> bytes) =>
        image.IsBigEndian
            ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
            : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
