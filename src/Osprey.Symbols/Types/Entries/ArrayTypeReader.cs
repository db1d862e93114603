using Osprey.Binary.Dwarf.Info;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Creates array types from entries (DWARF 5, sections 5.5 and 5.13).</summary>
internal sealed class ArrayTypeReader(DebugEntries entries, TypeReader types)
{
    /// <summary>Creates the array type that an entry describes; for several dimensions, an array of arrays.</summary>
    /// <exception cref="Osprey.Binary.BadDataException">An entry is malformed.</exception>
    public DebugType Read(Entry entry, EntryAttributes attributes)
    {
        UnitEntries unit = entry.Unit;
        AttributeValue element = attributes.Type;
        var dimensions = new List<EntryAttributes?>();
        if (attributes.HasChildren && unit.TryOpen(entry.Offset, out DieCursor cursor))
        {
            while (cursor.MoveNext() && dimensions.Count < DebugEntries.MaxTypeChain)
            {
                if (cursor.Depth != 1 || cursor.Tag is not (DwarfTag.SubrangeType or DwarfTag.EnumerationType))
                    continue;

                EntryAttributes.Read(ref cursor, out EntryAttributes range);
                dimensions.Add(range);
            }
        }

        if (dimensions.Count == 0)
            dimensions.Add(null);

        DebugType type = Make(
            unit,
            () => types.ReadLink(unit, element) ?? UnspecifiedType.Unknown,
            dimensions[^1],
            attributes.IsVector
        );
        for (int i = dimensions.Count - 2; i >= 0; i--)
        {
            DebugType inner = type;
            type = Make(unit, () => inner, dimensions[i], false);
        }

        return type;
    }

    private ArrayType Make(UnitEntries unit, Func<DebugType> element, EntryAttributes? range, bool isVector)
    {
        ulong? count = range is null ? null : GetCount(range, unit);
        return new ArrayType(element, count)
        {
            Bound = count is null && range is not null ? ReadBound(range, unit) : null,
            IsVector = isVector,
        };
    }

    private static ulong? GetCount(EntryAttributes range, UnitEntries unit)
    {
        if (range.Count.IsConstant)
            return range.Count.Bits;

        if (!range.UpperBound.IsConstant)
            return null;

        // Some compilers write an upper bound of -1 for an array without elements, cut to the size of the form.
        long lower = GetLowerBound(range, unit);
        long upper = range.UpperBound.Form switch
        {
            DwarfForm.Data4 when range.UpperBound.Bits == uint.MaxValue => -1,
            DwarfForm.Data2 when range.UpperBound.Bits == ushort.MaxValue && lower == 0 => ushort.MaxValue,
            _ => unchecked((long)range.UpperBound.Bits),
        };
        return upper >= lower ? unchecked((ulong)upper - (ulong)lower + 1) : 0;
    }

    /// <summary>
    /// Returns the first index: the one in the file, or else the language's: 1 for Fortran and its contemporaries, 0
    /// for C and all others.
    /// </summary>
    private static long GetLowerBound(EntryAttributes range, UnitEntries unit)
    {
        long first = unit.Unit.Language is 0x07 or 0x08 or 0x0e or 0x22 or 0x23 or 0x09 or 0x0f or 0x05 or 0x06 ? 1 : 0;
        return range.LowerBound.IsConstant ? unchecked((long)range.LowerBound.Bits) : first;
    }

    /// <summary>
    /// Reads the bound that only a frame can answer: an expression, or a variable at another entry, which gives the
    /// count or the last index.
    /// </summary>
    private ArrayBound? ReadBound(EntryAttributes range, UnitEntries unit)
    {
        bool isCount = range.Count.Form != DwarfForm.None;
        AttributeValue value = isCount ? range.Count : range.UpperBound;
        if (value.Form == DwarfForm.None)
            return null;

        long addend = isCount ? 0 : unchecked(1 - GetLowerBound(range, unit));
        if (
            value.Form
            is DwarfForm.Expression
                or DwarfForm.Block
                or DwarfForm.Block1
                or DwarfForm.Block2
                or DwarfForm.Block4
                or DwarfForm.SectionOffset
                or DwarfForm.LocationListIndex
        )
        {
            return new ArrayBound.Expression(LocationReader.Read(unit.Unit, value), addend);
        }

        if (
            entries.Follow(unit, value) is not { } holder
            || !holder.Unit.TryRead(holder.Offset, out EntryAttributes? attributes)
        )
            return null;

        AttributeValue type = attributes.Type;
        VariableLocation location = LocationReader.Read(holder.Unit.Unit, attributes.Location);
        return new ArrayBound.Variable(new DebugVariable("", () => types.Read(holder.Unit, type), location), addend);
    }
}
