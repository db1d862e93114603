namespace Osprey.Binary.Dwarf.Frame;

/// <summary>Reads addresses in the encodings of <c>.eh_frame</c>.</summary>
/// <param name="sectionAddress">Address of the first byte of the reader's section.</param>
/// <param name="textAddress">Address that text-relative addresses are relative to.</param>
/// <param name="dataAddress">Address that data-relative addresses are relative to.</param>
/// <param name="addressSize">Size of an address in bytes.</param>
internal readonly struct PointerReader(ulong sectionAddress, ulong textAddress, ulong dataAddress, byte addressSize)
{
    private ulong HighestAddress => addressSize >= 8 ? ulong.MaxValue : (1UL << (8 * addressSize)) - 1;

    /// <summary>
    /// Reads an address; with <see cref="PointerEncoding.Indirect"/> the result is the place where the address is
    /// stored.
    /// </summary>
    /// <param name="reader">Is at the pointer; its offsets count from the section's start.</param>
    /// <param name="encoding">The encoding of the address.</param>
    /// <param name="function">Address that function-relative addresses are relative to.</param>
    /// <returns>Null when the address is 0 or left out.</returns>
    /// <exception cref="BadDataException">The address is cut short, or its encoding is not known.</exception>
    public ulong? Read(ref ByteReader reader, PointerEncoding encoding, ulong function = 0)
    {
        if (encoding == PointerEncoding.Omitted)
            return null;

        ulong from;
        PointerEncoding counted = encoding & PointerEncoding.BaseMask;
        if (counted == PointerEncoding.Aligned)
        {
            ulong at = unchecked(sectionAddress + (ulong)reader.Offset);
            reader.Skip(unchecked(0 - at) % addressSize);
            ulong aligned = reader.ReadUnsigned(addressSize);
            return aligned == 0 ? null : aligned;
        }

        ulong place = unchecked(sectionAddress + (ulong)reader.Offset);
        ulong value = ReadValue(ref reader, encoding);
        if (value == 0)
            return null;

        switch (counted)
        {
            case PointerEncoding.Absolute:
                from = 0;
                break;
            case PointerEncoding.ProgramCounter:
                from = place;
                break;
            case PointerEncoding.Text:
                from = textAddress;
                break;
            case PointerEncoding.Data:
                from = dataAddress;
                break;
            case PointerEncoding.Function:
                from = function;
                break;
            default:
                reader.ThrowBad($"pointer encoding 0x{(byte)encoding:x} is not known");
                return null;
        }

        return unchecked(from + value) & HighestAddress;
    }

    /// <summary>Reads a number in the encoding's format, sign-extended to 64 bits.</summary>
    /// <exception cref="BadDataException">The number is cut short, or its encoding is not known.</exception>
    public ulong ReadValue(ref ByteReader reader, PointerEncoding encoding)
    {
        switch (encoding & PointerEncoding.FormatMask)
        {
            case PointerEncoding.Absolute:
                return reader.ReadUnsigned(addressSize);
            case PointerEncoding.Uleb128:
                return reader.ReadUleb128();
            case PointerEncoding.Unsigned2:
                return reader.ReadUInt16();
            case PointerEncoding.Unsigned4:
                return reader.ReadUInt32();
            case PointerEncoding.Unsigned8 or PointerEncoding.Signed8:
                return reader.ReadUInt64();
            case PointerEncoding.Signed:
                return unchecked(addressSize == 4 ? (ulong)reader.ReadInt32() : reader.ReadUnsigned(addressSize));
            case PointerEncoding.Sleb128:
                return unchecked((ulong)reader.ReadSleb128());
            case PointerEncoding.Signed2:
                return unchecked((ulong)(short)reader.ReadUInt16());
            case PointerEncoding.Signed4:
                return unchecked((ulong)reader.ReadInt32());
            default:
                reader.ThrowBad($"pointer encoding 0x{(byte)encoding:x} is not known");
                return 0;
        }
    }
}
