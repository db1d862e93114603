using Osprey.Binary.Dwarf.Info;

namespace Osprey.Binary.Dwarf.Expression;

/// <summary>Finds the facts of a unit that its expressions need.</summary>
public static class UnitExpressions
{
    /// <summary>Finds the base type that an entry describes.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="unitOffset">Offset of the entry from the unit's start.</param>
    /// <param name="type">The type.</param>
    /// <returns>False when the entry is of another kind, or a type that expressions can't compute with.</returns>
    /// <exception cref="BadDataException">The entry is malformed, or not in the unit.</exception>
    public static bool TryGetBaseType(CompilationUnit unit, ulong unitOffset, out ExpressionType type)
    {
        type = default;
        DieCursor cursor = unit.OpenCursor(unchecked(unit.Offset + unitOffset));
        if (!cursor.MoveNext() || cursor.Tag != DwarfTag.BaseType)
            return false;

        ulong size = 0;
        ulong encoding = 0;
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            if (name == DwarfAttribute.ByteSize)
                size = value.Bits;
            else if (name == DwarfAttribute.Encoding)
                encoding = value.Bits;
        }

        ExpressionTypeKind? kind = encoding switch
        {
            // DW_ATE_address, boolean, unsigned, unsigned_char, UTF
            0x01 or 0x02 or 0x07 or 0x08 or 0x10 => ExpressionTypeKind.Unsigned,
            0x05 or 0x06 => ExpressionTypeKind.Signed, // DW_ATE_signed, signed_char
            0x04 when size is 4 or 8 => ExpressionTypeKind.Float, // DW_ATE_float
            _ => null,
        };
        if (kind is not { } known || size is 0 or > 8)
            return false;

        type = new ExpressionType(known, (int)size);
        return true;
    }

    /// <summary>Finds the expression that an entry has as its location (<c>DW_OP_call2</c> and the like).</summary>
    /// <param name="unit">The unit that the call is from.</param>
    /// <param name="offset">Offset of the entry.</param>
    /// <param name="isUnitRelative">
    /// True when the offset counts from the unit's start; false when it counts from that of <c>.debug_info</c>.
    /// </param>
    /// <param name="expression">The expression; empty when the entry has none, which is no error.</param>
    /// <returns>
    /// False when no unit holds the entry, or its location is a list, from which only a place in the code could choose.
    /// </returns>
    /// <exception cref="BadDataException">The entry is malformed, or not there.</exception>
    public static bool TryGetProcedure(
        CompilationUnit unit,
        ulong offset,
        bool isUnitRelative,
        out ReadOnlyMemory<byte> expression
    )
    {
        expression = default;
        CompilationUnit? owner = isUnitRelative ? unit : unit.Owner.FindUnit(offset);
        if (owner is null)
            return false;

        DieCursor cursor = owner.OpenCursor(isUnitRelative ? unchecked(unit.Offset + offset) : offset);
        if (!cursor.MoveNext())
            return false;

        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            if (name == DwarfAttribute.Location)
                return TryGetBlock(owner, value, out expression);
        }

        return true;
    }

    /// <summary>
    /// Finds the expression for the value that a register had when a call was made, as the caller's debug info gives
    /// it.
    /// </summary>
    /// <param name="unit">The caller's unit.</param>
    /// <param name="caller">Offset of the caller's entry in <c>.debug_info</c>.</param>
    /// <param name="returnLinkAddress">Link-time address that the call returns to.</param>
    /// <param name="location">The register, as an expression of one operation.</param>
    /// <param name="value">The expression, to be evaluated in the caller's frame.</param>
    /// <returns>False when the caller's debug info has nothing about that call, or about that register.</returns>
    /// <exception cref="BadDataException">The unit is malformed.</exception>
    public static bool TryFindCallValue(
        CompilationUnit unit,
        ulong caller,
        ulong returnLinkAddress,
        ReadOnlySpan<byte> location,
        out ReadOnlyMemory<byte> value
    )
    {
        value = default;
        DieCursor cursor = unit.OpenCursor(caller);
        int depth = -1;
        while (cursor.MoveNext())
        {
            if (depth >= 0)
            {
                if (cursor.Depth <= depth)
                    return false;

                bool isParameter = cursor.Tag is DwarfTag.CallSiteParameter or DwarfTag.GnuCallSiteParameter;
                if (isParameter && TryReadParameter(ref cursor, location, out value))
                    return true;
            }
            else if (
                cursor.Tag is DwarfTag.CallSite or DwarfTag.GnuCallSite
                && ReadReturnAddress(ref cursor) == returnLinkAddress
            )
            {
                if (!cursor.HasChildren)
                    return false;

                depth = cursor.Depth;
            }
        }

        return false;
    }

    private static ulong? ReadReturnAddress(ref DieCursor cursor)
    {
        DwarfAttribute wanted = cursor.Tag == DwarfTag.CallSite ? DwarfAttribute.CallReturnPc : DwarfAttribute.LowPc;
        ulong? address = null;
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            if (name == wanted && value.IsAddress)
                address = cursor.Unit.GetAddress(value);
        }

        return address;
    }

    private static bool TryReadParameter(
        ref DieCursor cursor,
        ReadOnlySpan<byte> location,
        out ReadOnlyMemory<byte> expression
    )
    {
        expression = default;
        bool isWanted = false;
        bool hasValue = false;
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            if (name == DwarfAttribute.Location)
                isWanted =
                    TryGetBlock(cursor.Unit, value, out ReadOnlyMemory<byte> place)
                    && place.Span.SequenceEqual(location);
            else if (name is DwarfAttribute.CallValue or DwarfAttribute.GnuCallSiteValue)
                hasValue = TryGetBlock(cursor.Unit, value, out expression);
        }

        return isWanted && hasValue;
    }

    private static bool TryGetBlock(CompilationUnit unit, in AttributeValue value, out ReadOnlyMemory<byte> bytes)
    {
        bool isBlock =
            value.Form
            is DwarfForm.Expression
                or DwarfForm.Block
                or DwarfForm.Block1
                or DwarfForm.Block2
                or DwarfForm.Block4;
        bytes = isBlock ? unit.Owner.Sections.Info.Slice((int)value.Bits, (int)value.Size) : default;
        return isBlock;
    }
}
