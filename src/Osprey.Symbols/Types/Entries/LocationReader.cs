using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Lists;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Reads the locations of variables.</summary>
internal static class LocationReader
{
    private const byte Address = 0x03; // DW_OP_addr
    private const byte Constant4 = 0x0c; // DW_OP_const4u
    private const byte Constant8 = 0x0e; // DW_OP_const8u
    private const byte ConstantUleb = 0x10; // DW_OP_constu
    private const byte PlusConstant = 0x23; // DW_OP_plus_uconst
    private const byte TlsAddress = 0x9b; // DW_OP_form_tls_address
    private const byte AddressIndex = 0xa1; // DW_OP_addrx
    private const byte ConstantIndex = 0xa2; // DW_OP_constx
    private const byte GnuTlsAddress = 0xe0; // DW_OP_GNU_push_tls_address
    private const byte GnuAddressIndex = 0xfb; // DW_OP_GNU_addr_index
    private const byte GnuConstantIndex = 0xfc; // DW_OP_GNU_const_index

    /// <summary>Reads a <c>DW_AT_location</c> or <c>DW_AT_frame_base</c>.</summary>
    /// <exception cref="BadDataException">The location is malformed.</exception>
    public static VariableLocation Read(CompilationUnit unit, in AttributeValue value)
    {
        switch (value.Form)
        {
            case DwarfForm.None:
                return VariableLocation.None.Instance;
            case DwarfForm.Expression or DwarfForm.Block or DwarfForm.Block1 or DwarfForm.Block2 or DwarfForm.Block4:
                return ReadExpression(unit, unit.Owner.Sections.Info.Slice((int)value.Bits, (int)value.Size));
            case DwarfForm.SectionOffset or DwarfForm.LocationListIndex or DwarfForm.Data4 or DwarfForm.Data8:
                return ReadList(unit, value);
            default:
                throw new BadDataException(
                    ".debug_info",
                    (long)unit.Offset,
                    $"form 0x{(ushort)value.Form:x} is not one of a location"
                );
        }
    }

    /// <summary>
    /// Reads one expression: an address alone, a thread-local, or any other expression, which must be evaluated.
    /// </summary>
    /// <exception cref="BadDataException">The expression is cut short.</exception>
    public static VariableLocation ReadExpression(CompilationUnit unit, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return VariableLocation.None.Instance;

        var reader = new ByteReader(bytes.Span, ".debug_info", 0, unit.Owner.Sections.IsBigEndian);
        byte operation = reader.ReadByte();
        ulong value;
        switch (operation)
        {
            case Address:
                value = reader.ReadUnsigned(unit.Encoding.AddressSize);
                break;
            case AddressIndex or GnuAddressIndex or ConstantIndex or GnuConstantIndex:
                value = unit.GetStoredAddress(reader.ReadUleb128());
                break;
            case Constant4:
                value = reader.ReadUInt32();
                break;
            case Constant8:
                value = reader.ReadUInt64();
                break;
            case ConstantUleb:
                value = reader.ReadUleb128();
                break;
            default:
                return new VariableLocation.Expression(bytes);
        }

        bool isAddress = operation is Address or AddressIndex or GnuAddressIndex;
        if (reader.IsAtEnd && isAddress)
            return MakeStatic(unit, value);

        if (!reader.IsAtEnd)
        {
            byte second = reader.ReadByte();
            if (second is TlsAddress or GnuTlsAddress && reader.IsAtEnd)
                return new VariableLocation.ThreadLocal(value);

            if (second == PlusConstant && isAddress)
            {
                ulong sum = unchecked(value + reader.ReadUleb128());
                if (reader.IsAtEnd)
                    return MakeStatic(unit, sum);
            }
        }

        return new VariableLocation.Expression(bytes);
    }

    /// <summary>
    /// Returns the static location of a stored address. Linkers write 0, or one of the highest addresses, for a
    /// variable that they removed.
    /// </summary>
    private static VariableLocation MakeStatic(CompilationUnit unit, ulong address) =>
        address == 0 || address >= unit.Encoding.HighestAddress - 1
            ? VariableLocation.None.Instance
            : new VariableLocation.Static(unit.Move(address));

    private static VariableLocation ReadList(CompilationUnit unit, in AttributeValue value)
    {
        ReadOnlyMemory<byte> section = LocationListReader.GetSection(unit);
        var ranges = new List<LocationRange>();
        LocationRange? rest = null;
        LocationListReader.Read(
            unit,
            value,
            (range, isDefault, expression, size) =>
            {
                var item = new LocationRange(range.Low, range.High, section.Slice(expression, size));
                if (isDefault)
                    rest = item;
                else
                    ranges.Add(item);
            }
        );

        // The default entry counts where no other does. It goes last, since users take the first one that fits.
        if (rest is not null)
            ranges.Add(rest);

        return ranges.Count == 0 ? VariableLocation.None.Instance : new VariableLocation.List(ranges);
    }
}
