using System.Buffers.Binary;
using Osprey.Binary.Elf.Symbols;

namespace Osprey.Binary.Elf.Relocatable;

/// <summary>
/// Applies the relocations of a relocatable file to a copy of a section, as a linker would that leaves each section at
/// the address which <see cref="SectionLayout"/> gave it.
/// </summary>
/// <remarks>
/// The place of an undefined symbol is not known. It becomes the highest address, which debug info has for things that
/// were removed, so that nothing is read from a wrong place.
/// </remarks>
internal sealed class SectionRelocator(ElfImage image)
{
    /// <summary>Bytes of one relocation of a 64-bit file, with an addend of its own.</summary>
    private const int SizeWithAddend = 24;

    private const int SizeWithoutAddend = 16;

    /// <summary>Applies all relocations of one table.</summary>
    /// <param name="content">The bytes to change.</param>
    /// <param name="target">The section that they are of.</param>
    /// <param name="table">The section with the relocations.</param>
    /// <exception cref="BadDataException">
    /// A relocation lies outside of the section, is of an unknown kind, or has a symbol that is not there.
    /// </exception>
    public void Apply(Span<byte> content, ElfSection target, ElfSection table)
    {
        bool hasAddends = table.Type == ElfSectionType.RelocationsWithAddends;
        ElfSymbolTable symbols =
            table.Link < (uint)image.Sections.Count && image.Sections[(int)table.Link] is { } section
                ? image.ReadSymbols(section)
                : ElfSymbolTable.Empty;
        ReadOnlySpan<byte> bytes = image.GetStoredContent(table).Span;
        int size = hasAddends ? SizeWithAddend : SizeWithoutAddend;
        var reader = new ByteReader(bytes[..(bytes.Length / size * size)], table.Name, 0, image.IsBigEndian);
        while (!reader.IsAtEnd)
        {
            long start = reader.Offset;
            ulong offset = reader.ReadUInt64();
            ulong info = reader.ReadUInt64();
            long addend = hasAddends ? unchecked((long)reader.ReadUInt64()) : 0;
            uint type = unchecked((uint)info);
            if (Relocation.Find(image.Machine, type) is not { } relocation)
                throw new BadDataException(
                    table.Name,
                    start,
                    $"relocation {type} of processor {(int)image.Machine} is not understood"
                );

            if (relocation.Size == 0)
                continue;

            if (offset > (ulong)content.Length || (ulong)content.Length - offset < (ulong)relocation.Size)
                throw new BadDataException(table.Name, start, $"offset 0x{offset:x} is outside of {target.Name}");

            uint symbol = (uint)(info >> 32);
            if (symbol >= (uint)symbols.Count && symbol != 0)
                throw new BadDataException(table.Name, start, $"symbol {symbol} is not in {symbols.Name}");

            Span<byte> place = content.Slice((int)offset, relocation.Size);
            ulong? value = symbol == 0 ? 0 : GetValue(symbols[(int)symbol]);
            Apply(place, relocation, value, addend, hasAddends, unchecked(target.LinkAddress + offset));
        }
    }

    /// <summary>Marks the bytes that a table's relocations change, and the 2 bytes before each.</summary>
    /// <param name="table">The section with the relocations.</param>
    /// <param name="start">Offset of the first byte in the section that they change.</param>
    /// <param name="marks">Receives the marks.</param>
    /// <exception cref="BadDataException">The relocations lie outside of the file.</exception>
    public void Mark(ElfSection table, ulong start, Span<bool> marks)
    {
        ReadOnlySpan<byte> bytes = image.GetStoredContent(table).Span;
        int size = table.Type == ElfSectionType.RelocationsWithAddends ? SizeWithAddend : SizeWithoutAddend;
        var reader = new ByteReader(bytes[..(bytes.Length / size * size)], table.Name, 0, image.IsBigEndian);
        while (!reader.IsAtEnd)
        {
            ulong offset = reader.ReadUInt64();
            uint type = unchecked((uint)reader.ReadUInt64());
            reader.Skip((ulong)size - 16);
            int length = Relocation.Find(image.Machine, type)?.Size ?? sizeof(uint);
            for (int i = -2; i < length; i++)
            {
                ulong position = unchecked(offset + (ulong)i - start);
                if (position < (ulong)marks.Length)
                    marks[(int)position] = true;
            }
        }
    }

    private void Apply(
        Span<byte> place,
        Relocation relocation,
        ulong? value,
        long addend,
        bool hasAddend,
        ulong placeAddress
    )
    {
        unchecked
        {
            bool isChange = relocation.Action is RelocationAction.Add or RelocationAction.Subtract;
            ulong before = hasAddend && !isChange ? 0 : Read(place);
            if (value is not { } known)
            {
                Write(place, relocation.Size == 8 ? ulong.MaxValue : 0);
                return;
            }

            ulong sum = known + (ulong)addend;
            ulong result = relocation.Action switch
            {
                RelocationAction.SetRelative => before + sum - placeAddress,
                RelocationAction.Subtract => before - sum,
                _ => before + sum,
            };
            Write(place, result);
        }
    }

    /// <summary>Returns the value that a symbol stands for; null when it is not known.</summary>
    private static ulong? GetValue(in ElfSymbol symbol) =>
        symbol.IsInSection || symbol.SectionIndex == ElfSymbol.AbsoluteSection ? symbol.LinkAddress : null;

    private ulong Read(ReadOnlySpan<byte> place)
    {
        var reader = new ByteReader(place, "", 0, image.IsBigEndian);
        return reader.ReadUnsigned(place.Length);
    }

    private void Write(Span<byte> place, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        if (image.IsBigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            bytes[^place.Length..].CopyTo(place);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes[..place.Length].CopyTo(place);
        }
    }
}
