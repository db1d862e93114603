namespace Osprey.Tests.Builders.Dwarf;

/// <summary>Writes a line table of a version from 2 to 5.</summary>
internal sealed class DwarfLineBuilder(int version)
{
    private readonly List<string> _directories = [];
    private readonly List<(string Name, ulong Directory)> _files = [];

    public bool IsBigEndian { get; init; }

    public byte LineRange { get; init; } = 14;

    /// <summary>The program. Tests write opcodes for which there is no method below directly to it.</summary>
    public DwarfWriter Program { get; } = new();

    public DwarfLineBuilder Directory(string path)
    {
        _directories.Add(path);
        return this;
    }

    public DwarfLineBuilder File(string name, ulong directory)
    {
        _files.Add((name, directory));
        return this;
    }

    public DwarfLineBuilder Address(ulong address)
    {
        Program.Byte(0).Uleb(9).Byte(2).UInt64(address);
        return this;
    }

    /// <summary>Advances address and line, and adds a row.</summary>
    public DwarfLineBuilder Row(ulong advance, int lines)
    {
        Program.Byte(2).Uleb(advance).Byte(3).Sleb(lines).Byte(1);
        return this;
    }

    public DwarfLineBuilder SetFile(ulong file)
    {
        Program.Byte(4).Uleb(file);
        return this;
    }

    public DwarfLineBuilder End(ulong advance)
    {
        Program.Byte(2).Uleb(advance).Byte(0).Uleb(1).Byte(1);
        return this;
    }

    public byte[] Build()
    {
        var header = new DwarfWriter { IsBigEndian = IsBigEndian };
        header.Byte(1);
        if (version >= 4)
            header.Byte(1);

        header.Byte(1).Byte(0xfb).Byte(LineRange).Byte(13).Bytes([0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]);
        if (version >= 5)
            WriteEntries(header);
        else
            WriteOldEntries(header);

        var table = new DwarfWriter { IsBigEndian = IsBigEndian };
        table.UInt16((ushort)version);
        if (version >= 5)
            table.Byte(8).Byte(0);

        return table.UInt32((uint)header.Length).Bytes(header.ToArray()).Bytes(Program.ToArray()).ToTable();
    }

    private void WriteOldEntries(DwarfWriter header)
    {
        foreach (string directory in _directories)
            header.Text(directory);

        header.Byte(0);
        foreach ((string name, ulong directory) in _files)
            header.Text(name).Uleb(directory).Uleb(0).Uleb(0);

        header.Byte(0);
    }

    private void WriteEntries(DwarfWriter header)
    {
        header.Byte(1).Uleb(1).Uleb(8).Uleb((ulong)_directories.Count);
        foreach (string directory in _directories)
            header.Text(directory);

        // Names, folders, and the MD5 that clang adds.
        header.Byte(3).Uleb(1).Uleb(8).Uleb(2).Uleb(0xb).Uleb(5).Uleb(0x1e).Uleb((ulong)_files.Count);
        foreach ((string name, ulong directory) in _files)
            header.Text(name).Byte((byte)directory).Bytes(new byte[16]);
    }
}
