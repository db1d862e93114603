using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Tests.Builders.Dwarf;

/// <summary>Writes debug sections from entries that a test makes up.</summary>
internal sealed class DwarfBuilder
{
    private readonly Dictionary<string, DwarfWriter> _sections = [];
    private readonly Dictionary<DwarfEntry, int> _offsets = [];
    private readonly List<(int Position, DwarfEntry Target, int Size, int Origin)> _references = [];
    private readonly List<string> _shapes = [];

    public bool IsBigEndian { get; init; }

    /// <summary>True for the 64-bit format, with offsets of 8 bytes.</summary>
    public bool Is64Bit { get; init; }

    private int OffsetSize => Is64Bit ? 8 : 4;

    public DwarfWriter Section(string name)
    {
        if (!_sections.TryGetValue(name, out DwarfWriter? section))
        {
            section = new DwarfWriter { IsBigEndian = IsBigEndian };
            _sections.Add(name, section);
        }

        return section;
    }

    /// <summary>Adds a unit, and returns its offset.</summary>
    public ulong AddUnit(int version, DwarfEntry root, UnitType type = UnitType.Compile)
    {
        DwarfWriter info = Section(".debug_info");
        int start = info.Length;
        int lengthPosition = WriteLength(info);
        info.UInt16((ushort)version);
        if (version >= 5)
            info.Byte((byte)type).Byte(8).Unsigned(0, OffsetSize);
        else
            info.Unsigned(0, OffsetSize).Byte(8);

        WriteEntry(info, root, start, version);
        info.Patch(lengthPosition, (ulong)(info.Length - lengthPosition - OffsetSize), OffsetSize);
        return (ulong)start;
    }

    public void AddAddressRanges(ulong unit, params ReadOnlySpan<(ulong Low, ulong Size)> ranges)
    {
        var set = new DwarfWriter { IsBigEndian = IsBigEndian };
        set.UInt16(2).UInt32((uint)unit).Byte(8).Byte(0).UInt32(0);
        foreach ((ulong low, ulong size) in ranges)
            set.UInt64(low).UInt64(size);

        Section(".debug_aranges").Bytes(set.UInt64(0).UInt64(0).ToTable());
    }

    /// <summary>Adds a line table, and returns its offset.</summary>
    public ulong AddLines(DwarfLineBuilder lines)
    {
        DwarfWriter section = Section(".debug_line");
        ulong start = (ulong)section.Length;
        section.Bytes(lines.Build());
        return start;
    }

    public IReadOnlyDictionary<string, byte[]> Build()
    {
        foreach ((int position, DwarfEntry target, int size, int origin) in _references)
            Section(".debug_info").Patch(position, (ulong)(_offsets[target] - origin), size);

        _references.Clear();
        if (!_sections.ContainsKey(".debug_abbrev"))
        {
            DwarfWriter abbreviations = Section(".debug_abbrev");
            for (int i = 0; i < _shapes.Count; i++)
                abbreviations.Uleb((ulong)i + 1).Bytes(Convert.FromHexString(_shapes[i]));

            abbreviations.Byte(0);
        }

        return _sections.ToDictionary(section => section.Key, section => section.Value.ToArray());
    }

    public DwarfSections BuildSections()
    {
        IReadOnlyDictionary<string, byte[]> sections = Build();
        return new DwarfSections(name => sections.GetValueOrDefault(name), IsBigEndian);
    }

    public DebugInfo BuildInfo() => new(BuildSections());

    private int WriteLength(DwarfWriter info)
    {
        if (Is64Bit)
            info.UInt32(0xffff_ffff);

        int position = info.Length;
        info.Unsigned(0, OffsetSize);
        return position;
    }

    private void WriteEntry(DwarfWriter info, DwarfEntry entry, int unitStart, int version)
    {
        _offsets[entry] = info.Length;
        info.Uleb(GetCode(entry));
        foreach ((_, DwarfForm form, object value) in entry.Attributes)
            WriteValue(info, form, value, unitStart, version);

        if (entry.Children.Count == 0 && !entry.HasChildren)
            return;

        foreach (DwarfEntry child in entry.Children)
            WriteEntry(info, child, unitStart, version);

        info.Byte(0);
    }

    private ulong GetCode(DwarfEntry entry)
    {
        var shape = new DwarfWriter();
        shape.Uleb((ulong)entry.Tag).Byte((byte)(entry.Children.Count > 0 || entry.HasChildren ? 1 : 0));
        foreach ((DwarfAttribute name, DwarfForm form, object value) in entry.Attributes)
        {
            shape.Uleb((ulong)name).Uleb((ulong)form);
            if (form == DwarfForm.ImplicitConstant)
                shape.Sleb(Convert.ToInt64(value));
        }

        string text = Convert.ToHexString(shape.Uleb(0).Uleb(0).ToArray());
        int index = _shapes.IndexOf(text);
        if (index < 0)
        {
            index = _shapes.Count;
            _shapes.Add(text);
        }

        return (ulong)index + 1;
    }

    private void WriteValue(DwarfWriter info, DwarfForm form, object value, int unitStart, int version)
    {
        int size = FormReader.GetFixedSize(form, new UnitEncoding((ushort)version, 8, (byte)OffsetSize));
        switch (value)
        {
            case DwarfEntry target:
                bool isAbsolute = form == DwarfForm.ReferenceAddress;
                _references.Add((info.Length, target, size, isAbsolute ? 0 : unitStart));
                info.Unsigned(0, size);
                break;
            case string text when form == DwarfForm.String:
                info.Text(text);
                break;
            case string text:
                string section = form == DwarfForm.LineStringOffset ? ".debug_line_str" : ".debug_str";
                info.Unsigned((ulong)Section(section).Length, size);
                Section(section).Text(text);
                break;
            case byte[] block when form is DwarfForm.Expression or DwarfForm.Block:
                info.Uleb((ulong)block.Length).Bytes(block);
                break;
            case byte[] bytes:
                info.Bytes(bytes);
                break;
            default:
                if (form == DwarfForm.ImplicitConstant)
                    break;

                if (form == DwarfForm.SignedData)
                    info.Sleb(Convert.ToInt64(value));
                else if (size < 0)
                    info.Uleb(Convert.ToUInt64(value));
                else
                    info.Unsigned(Convert.ToUInt64(value), size);
                break;
        }
    }
}
