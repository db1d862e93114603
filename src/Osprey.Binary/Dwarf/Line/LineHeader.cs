using Osprey.Binary.Dwarf.Info;

namespace Osprey.Binary.Dwarf.Line;

/// <summary>The part of a line table before its program: parameters, folders and files.</summary>
internal sealed class LineHeader
{
    private const ulong ContentPath = 1; // DW_LNCT_path
    private const ulong ContentDirectory = 2; // DW_LNCT_directory_index

    public UnitEncoding Encoding { get; private set; }

    public byte MinInstructionLength { get; private set; }

    public byte MaxOperations { get; private set; } = 1;

    public sbyte LineBase { get; private set; }

    public byte LineRange { get; private set; }

    public byte OpcodeBase { get; private set; }

    /// <summary>The number of operands of each standard opcode; the index is the opcode less 1.</summary>
    public byte[] OperandCounts { get; private set; } = [];

    public LineString[] Directories { get; private set; } = [];

    /// <summary>The files; a program may add more.</summary>
    public ArrayBuilder<LineFile> Files;

    /// <summary>Reads a header, and returns a reader for the program that follows it.</summary>
    /// <param name="reader">Is at the start of the table, and behind the table afterwards.</param>
    /// <param name="addressSize">Size of an address in bytes; tables of version 5 have their own.</param>
    /// <param name="program">The line number program.</param>
    /// <exception cref="BadDataException">The header is malformed.</exception>
    public static LineHeader Read(ref ByteReader reader, byte addressSize, out ByteReader program)
    {
        var header = new LineHeader();
        ulong length = InitialLength.Read(ref reader, out byte offsetSize);
        ByteReader table = reader.Split(length);
        ushort version = table.ReadUInt16();
        if (version is < 2 or > 5)
            table.ThrowBad($"a line table of version {version}; expected 2 to 5");

        if (version >= 5)
        {
            addressSize = table.ReadByte();
            byte segmentSize = table.ReadByte();
            if (!FormReader.IsAddressSize(addressSize) || segmentSize != 0)
                table.ThrowBad($"addresses of {addressSize} bytes with segments of {segmentSize}");
        }

        header.Encoding = new UnitEncoding(version, addressSize, offsetSize);
        ByteReader rest = table.Split(table.ReadUnsigned(offsetSize));
        program = table;
        header.MinInstructionLength = rest.ReadByte();
        if (version >= 4)
            header.MaxOperations = Math.Max((byte)1, rest.ReadByte());

        rest.Skip(1); // default_is_stmt
        header.LineBase = rest.ReadSByte();
        header.LineRange = rest.ReadByte();
        header.OpcodeBase = rest.ReadByte();
        header.OperandCounts = rest.ReadBytes((ulong)Math.Max(0, header.OpcodeBase - 1)).ToArray();
        if (version >= 5)
            header.ReadEntries(ref rest);
        else
            header.ReadOldEntries(ref rest);

        return header;
    }

    /// <summary>Reads a file entry in the form used up to version 4.</summary>
    public static LineFile ReadOldFile(ref ByteReader reader)
    {
        var name = new LineString(LineStringSection.Line, (ulong)reader.Offset);
        reader.ReadNulTerminated();
        ulong directory = reader.ReadUleb128();
        reader.ReadUleb128(); // time
        reader.ReadUleb128(); // size
        return new LineFile(name, directory);
    }

    private void ReadOldEntries(ref ByteReader reader)
    {
        var directories = new ArrayBuilder<LineString>();
        while (true)
        {
            var name = new LineString(LineStringSection.Line, (ulong)reader.Offset);
            if (reader.ReadNulTerminated().IsEmpty)
                break;

            directories.Add(name);
        }

        Directories = directories.ToArray();

        while (!IsAtEndOfList(ref reader))
            Files.Add(ReadOldFile(ref reader));
    }

    private static bool IsAtEndOfList(ref ByteReader reader)
    {
        ByteReader ahead = reader;
        if (ahead.ReadByte() != 0)
            return false;

        reader.Skip(1);
        return true;
    }

    private void ReadEntries(ref ByteReader reader)
    {
        ArrayBuilder<LineFile> directories = ReadEntryTable(ref reader);
        Directories = new LineString[directories.Count];
        for (int i = 0; i < directories.Count; i++)
            Directories[i] = directories[i].Name;

        Files = ReadEntryTable(ref reader);
    }

    private ArrayBuilder<LineFile> ReadEntryTable(ref ByteReader reader)
    {
        int formatCount = reader.ReadByte();
        ulong[] contents = new ulong[formatCount];
        var forms = new AttributeSpecification[formatCount];
        for (int i = 0; i < formatCount; i++)
        {
            contents[i] = reader.ReadUleb128();
            DwarfForm form = FormReader.ToForm(ref reader, reader.ReadUleb128());
            forms[i] = new AttributeSpecification(DwarfAttribute.None, form, 0);
        }

        ulong count = reader.ReadUleb128();
        if (count > (ulong)reader.Remaining)
            reader.ThrowBad($"{count} entries in {reader.Remaining} bytes");

        var entries = new ArrayBuilder<LineFile>();
        for (ulong i = 0; i < count; i++)
        {
            LineString name = default;
            ulong directory = 0;
            for (int j = 0; j < formatCount; j++)
            {
                AttributeValue value = FormReader.Read(ref reader, forms[j], Encoding);
                if (contents[j] == ContentPath)
                    name = ToLineString(value);
                else if (contents[j] == ContentDirectory)
                    directory = value.Bits;
            }

            entries.Add(new LineFile(name, directory));
        }

        return entries;
    }

    private static LineString ToLineString(in AttributeValue value) =>
        value.Form switch
        {
            DwarfForm.String => new LineString(LineStringSection.Line, value.Bits),
            DwarfForm.LineStringOffset => new LineString(LineStringSection.LineStrings, value.Bits),
            DwarfForm.StringOffset => new LineString(LineStringSection.Strings, value.Bits),
            _ => default,
        };
}
