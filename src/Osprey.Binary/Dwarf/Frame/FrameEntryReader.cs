namespace Osprey.Binary.Dwarf.Frame;

/// <summary>Reads the entries of a section of call frame information. Thread-safe.</summary>
internal sealed class FrameEntryReader
{
    /// <summary>The message for an entry of which not all bytes could be had.</summary>
    internal const string Missing = "the entry is in a part that can't be read";

    private readonly FrameSection _section;
    private readonly PointerReader _pointers;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, CommonInformationEntry> _common = [];

    public FrameEntryReader(FrameSection section)
    {
        if (section.AddressSize is not (4 or 8))
            throw new ArgumentOutOfRangeException(nameof(section));

        _section = section;
        _pointers = new PointerReader(
            section.LinkAddress,
            section.TextLinkAddress,
            section.DataLinkAddress,
            section.AddressSize
        );
    }

    /// <summary>The reader for addresses of the section.</summary>
    public PointerReader Pointers => _pointers;

    private bool IsEhFrame => _section.Kind == FrameSectionKind.EhFrame;

    /// <summary>Reads the entry at <paramref name="offset"/>, if it is a function's (an FDE).</summary>
    /// <param name="offset">Offset of the entry in the section.</param>
    /// <param name="next">Offset of the next entry; the section's length when this is the last.</param>
    /// <param name="description">The entry.</param>
    /// <returns>
    /// False for a CIE, for the terminator, and for an entry that describes no code or is of an unknown version.
    /// </returns>
    /// <exception cref="BadDataException">The entry, or the CIE it refers to, is malformed.</exception>
    public bool TryReadDescription(int offset, out int next, out FrameDescription description)
    {
        description = default;
        if (!TryReadHead(offset, out ByteReader body, out next, out byte offsetSize))
            return false;

        long pointerPlace = body.Offset;
        ulong pointer = body.ReadUnsigned(IsEhFrame ? 4 : offsetSize);
        if (IsCommonMarker(pointer, offsetSize))
            return false;

        ulong commonOffset = IsEhFrame ? unchecked((ulong)pointerPlace - pointer) : pointer;
        if (commonOffset >= (ulong)_section.Content.Length)
            body.ThrowBad($"its CIE at 0x{commonOffset:x}, outside of the section");

        CommonInformationEntry? common = GetCommon((int)commonOffset);
        if (common is null)
            return false;

        body.Skip(common.SegmentSize);
        PointerEncoding encoding = IsEhFrame ? common.PointerEncoding : PointerEncoding.Absolute;
        ulong? start = ReadPointer(ref body, encoding, common);
        ulong size = ReadSize(ref body, encoding, common);
        if (common.HasAugmentationData)
            body.Skip(body.ReadUleb128());

        // Linkers leave entries of code that they removed at 0 or at the highest address. Nobody stores the address of
        // code elsewhere (Indirect), so such an entry is not followed.
        if (
            start is not { } low
            || size == 0
            || low > ulong.MaxValue - size
            || (encoding & PointerEncoding.Indirect) != 0
        )
            return false;

        description = new FrameDescription(
            offset,
            common,
            low,
            low + size,
            (int)body.Offset,
            (int)body.Offset + body.Remaining
        );
        return true;
    }

    /// <summary>
    /// Returns the CIE at <paramref name="offset"/>; null when its version or augmentation is not known.
    /// </summary>
    /// <exception cref="BadDataException">The entry is malformed, or not a CIE.</exception>
    private CommonInformationEntry? GetCommon(int offset)
    {
        lock (_lock)
        {
            if (_common.TryGetValue(offset, out CommonInformationEntry? known))
                return known;

            CommonInformationEntry? common = ReadCommon(offset);
            if (common is not null)
                _common.Add(offset, common);

            return common;
        }
    }

    private CommonInformationEntry? ReadCommon(int offset)
    {
        if (
            !TryReadHead(offset, out ByteReader body, out _, out byte offsetSize)
            || !IsCommonMarker(body.ReadUnsigned(IsEhFrame ? 4 : offsetSize), offsetSize)
        )
        {
            throw new BadDataException(_section.Name, offset, "an entry refers to this as its CIE, which it is not");
        }

        byte version = body.ReadByte();
        if (version is not (1 or 3 or 4))
            return null;

        string augmentation = body.ReadNulTerminatedText();
        byte addressSize = _section.AddressSize;
        byte segmentSize = 0;
        if (version >= 4)
        {
            addressSize = body.ReadByte();
            segmentSize = body.ReadByte();
            if (addressSize is not (4 or 8) || segmentSize > 8)
                body.ThrowBad($"addresses of {addressSize} bytes, segments of {segmentSize}");
        }

        // An old GNU form has a pointer to exception tables here.
        if (augmentation == "eh")
            body.Skip(addressSize);
        else if (augmentation.Length > 0 && augmentation[0] != 'z' && augmentation.AsSpan().ContainsAnyExcept("SBG"))
            return null;

        var common = new CommonInformationEntry
        {
            Offset = offset,
            Version = version,
            Augmentation = augmentation,
            Encoding = new UnitEncoding(version == 1 ? (ushort)2 : version, addressSize, offsetSize),
            SegmentSize = segmentSize,
            CodeAlignment = body.ReadUleb128(),
            DataAlignment = body.ReadSleb128(),
            ReturnAddressRegister = ReadReturnAddressRegister(ref body, version),
        };
        if (augmentation.Length > 0 && augmentation[0] == 'z')
            ReadAugmentation(ref body, common);
        else
            common.IsSignalFrame = augmentation.Contains('S', StringComparison.Ordinal);

        common.ProgramStart = (int)body.Offset;
        common.ProgramEnd = (int)body.Offset + body.Remaining;
        return common;
    }

    private static int ReadReturnAddressRegister(ref ByteReader body, byte version)
    {
        ulong register = version == 1 ? body.ReadByte() : body.ReadUleb128();
        if (register > int.MaxValue)
            body.ThrowBad($"return address column {register} is over 31 bits");

        return (int)register;
    }

    private void ReadAugmentation(ref ByteReader body, CommonInformationEntry common)
    {
        common.HasAugmentationData = true;
        ByteReader data = body.Split(body.ReadUleb128());
        foreach (char letter in common.Augmentation.AsSpan(1))
        {
            switch (letter)
            {
                case 'L':
                    common.LsdaEncoding = (PointerEncoding)data.ReadByte();
                    break;
                case 'P':
                    var personality = (PointerEncoding)data.ReadByte();
                    ReadPointer(ref data, personality, common);
                    break;
                case 'R':
                    common.PointerEncoding = (PointerEncoding)data.ReadByte();
                    break;
                case 'S':
                    common.IsSignalFrame = true;
                    break;
                case 'B' or 'G': // The key that signs return addresses, and tagged stacks: AArch64 only.
                    break;
                default:
                    return; // An unknown letter: the rest of the data is skipped, since its whole length is known.
            }
        }
    }

    private ulong? ReadPointer(ref ByteReader reader, PointerEncoding encoding, CommonInformationEntry common) =>
        common.Encoding.AddressSize == _section.AddressSize
            ? _pointers.Read(ref reader, encoding)
            : new PointerReader(
                _section.LinkAddress,
                _section.TextLinkAddress,
                _section.DataLinkAddress,
                common.Encoding.AddressSize
            ).Read(ref reader, encoding);

    /// <summary>
    /// Reads the length of a range. It is stored in the format of the address before it, but relative to nothing and
    /// without a sign.
    /// </summary>
    private ulong ReadSize(ref ByteReader reader, PointerEncoding encoding, CommonInformationEntry common) =>
        (encoding & PointerEncoding.FormatMask & ~PointerEncoding.Signed) switch
        {
            PointerEncoding.Unsigned2 => reader.ReadUInt16(),
            PointerEncoding.Unsigned4 => reader.ReadUInt32(),
            PointerEncoding.Unsigned8 => reader.ReadUInt64(),
            PointerEncoding.Absolute => reader.ReadUnsigned(common.Encoding.AddressSize),
            _ => _pointers.ReadValue(ref reader, encoding),
        };

    private bool IsCommonMarker(ulong pointer, byte offsetSize) =>
        IsEhFrame ? pointer == 0 : pointer == (offsetSize == 8 ? ulong.MaxValue : uint.MaxValue);

    /// <returns>False at a terminator, which is an entry of length 0.</returns>
    private bool TryReadHead(int offset, out ByteReader body, out int next, out byte offsetSize)
    {
        var reader = new ByteReader(_section.Content.Span[offset..], _section.Name, offset, _section.IsBigEndian);
        ulong length = InitialLength.Read(ref reader, out offsetSize);
        if (_section.IsGap(offset, (int)reader.Offset))
            throw new BadDataException(_section.Name, offset, Missing);

        body = reader.Split(length);
        next = (int)reader.Offset;
        if (_section.IsGap(offset, next))
            throw new BadDataException(_section.Name, offset, Missing);

        return length != 0;
    }
}
