using Osprey.Binary.Dwarf.Info;

namespace Osprey.Binary.Dwarf.Lists;

/// <summary>
/// Finds the start of a list of DWARF 5: an attribute has its offset in the section, or its index in the unit's table
/// of offsets.
/// </summary>
internal static class ListOffset
{
    /// <summary>Returns the offset that a value stands for.</summary>
    /// <param name="unit">The unit that the value is from.</param>
    /// <param name="value">The attribute's value.</param>
    /// <param name="indexForm">The form of values that are indexes; values of other forms are offsets.</param>
    /// <param name="section">The section of the lists, which also holds the table of offsets.</param>
    /// <param name="name">The section's name.</param>
    /// <param name="tableStart">Offset of the unit's table; null for the first table of the unit's part.</param>
    /// <param name="contribution">Offset of the unit's part of the section, in a package; else 0.</param>
    /// <exception cref="BadDataException">
    /// The index is outside of the table, or the offset found there is over 64 bits.
    /// </exception>
    public static ulong Get(
        CompilationUnit unit,
        in AttributeValue value,
        DwarfForm indexForm,
        ReadOnlyMemory<byte> section,
        string name,
        ulong? tableStart,
        ulong contribution = 0
    )
    {
        if (value.Form != indexForm)
            return unchecked(value.Bits + contribution);

        int size = unit.Encoding.OffsetSize;
        ulong start = unchecked((tableStart ?? (size == 8 ? 20u : 12u)) + contribution);
        if (start > (ulong)section.Length || value.Bits >= ((ulong)section.Length - start) / (ulong)size)
            throw new BadDataException(name, unchecked((long)start), $"no list {value.Bits} in {section.Length} bytes");

        var reader = new ByteReader(section.Span, name, 0, unit.Owner.Sections.IsBigEndian);
        reader.Seek(start + (value.Bits * (ulong)size));
        ulong offset = reader.ReadUnsigned(size);
        return offset <= ulong.MaxValue - start
            ? offset + start
            : throw new BadDataException(
                name,
                (long)start,
                $"list {value.Bits} at 0x{offset:x}, outside of the section"
            );
    }
}
