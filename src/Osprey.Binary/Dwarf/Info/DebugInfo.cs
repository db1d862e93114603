namespace Osprey.Binary.Dwarf.Info;

/// <summary>A file's <c>.debug_info</c>: where its units are, and what they share.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class DebugInfo
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AbbreviationTable> _abbreviations = [];
    private readonly List<BadDataException> _problems = [];
    private readonly Lazy<CompilationUnit[]> _units;
    private readonly Lazy<DebugInfo?> _types;
    private readonly Lazy<Dictionary<ulong, CompilationUnit>> _typeUnits;
    private readonly DebugInfo? _main;

    /// <param name="sections">The file's debug sections.</param>
    /// <param name="limits">Bounds on what they may declare.</param>
    /// <param name="supplementary">The file that dwz made of what several files share.</param>
    public DebugInfo(DwarfSections sections, ParseLimits? limits = null, DebugInfo? supplementary = null)
    {
        Sections = sections;
        Limits = limits ?? ParseLimits.Default;
        Supplementary = supplementary;
        _units = new Lazy<CompilationUnit[]>(ReadUnits);
        _types = new Lazy<DebugInfo?>(OpenTypes);
        _typeUnits = new Lazy<Dictionary<ulong, CompilationUnit>>(ReadTypeUnits);
    }

    private DebugInfo(DebugInfo main)
        : this(main.Sections.ForTypes(), main.Limits, main.Supplementary) => _main = main;

    /// <summary>The sections that this reads.</summary>
    public DwarfSections Sections { get; }

    /// <summary>Bounds on what they may declare.</summary>
    public ParseLimits Limits { get; }

    /// <summary>
    /// The file that holds what dwz found in several files (<c>.gnu_debugaltlink</c>); null when there is none.
    /// </summary>
    public DebugInfo? Supplementary { get; }

    /// <summary>The units of <c>.debug_types</c> (version 4); null when there are none.</summary>
    /// <exception cref="BadDataException">The section can't be had.</exception>
    public DebugInfo? Types => _types.Value;

    /// <summary>Whether this is what <see cref="Types"/> of another one gave.</summary>
    public bool HoldsTypeUnits => _main is not null;

    /// <summary>The units in stored order, up to the first whose header is malformed.</summary>
    /// <exception cref="BadDataException">The section itself can't be had.</exception>
    public IReadOnlyList<CompilationUnit> Units => _units.Value;

    /// <summary>
    /// Why units are missing of <see cref="Units"/>; empty when all could be read or none were asked for.
    /// </summary>
    public IReadOnlyList<BadDataException> Problems => _problems;

    /// <summary>
    /// Reads the header of one unit without looking at the others; null when its version is not known.
    /// </summary>
    /// <param name="offset">Where the unit starts in <c>.debug_info</c>.</param>
    /// <exception cref="BadDataException">The header is malformed, or the section can't be had.</exception>
    public CompilationUnit? OpenUnit(ulong offset)
    {
        var reader = new ByteReader(Sections.Info.Span, ".debug_info", 0, Sections.IsBigEndian);
        reader.Seek(offset);
        return CompilationUnit.ReadHeader(this, ref reader);
    }

    /// <summary>The unit that holds a place of <c>.debug_info</c>, or null.</summary>
    public CompilationUnit? FindUnit(ulong offset)
    {
        CompilationUnit[] units = _units.Value;
        int low = 0;
        int high = units.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (offset < units[middle].Offset)
                high = middle - 1;
            else if (offset >= units[middle].EndOffset)
                low = middle + 1;
            else
                return units[middle];
        }

        return null;
    }

    /// <summary>The type unit of that signature, here or in <c>.debug_types</c>; null when there is none.</summary>
    public CompilationUnit? FindTypeUnit(ulong signature)
    {
        DebugInfo main = _main ?? this;
        return main._typeUnits.Value.GetValueOrDefault(signature)
            ?? main.Types?._typeUnits.Value.GetValueOrDefault(signature);
    }

    internal AbbreviationTable GetAbbreviations(CompilationUnit unit)
    {
        string key =
            $"{unit.AbbreviationsOffset:x} {(int)unit.Encoding.Version} {(int)unit.Encoding.AddressSize} {(int)unit.Encoding.OffsetSize}";
        lock (_lock)
        {
            if (!_abbreviations.TryGetValue(key, out AbbreviationTable? table))
            {
                table = AbbreviationTable.Parse(
                    Sections.Abbreviations.Span,
                    unit.AbbreviationsOffset,
                    unit.Encoding,
                    Sections.IsBigEndian,
                    Limits
                );
                _abbreviations.Add(key, table);
            }

            return table;
        }
    }

    private DebugInfo? OpenTypes()
    {
        if (_main is not null)
            return null;

        var types = new DebugInfo(this);
        return types.Sections.Info.IsEmpty ? null : types;
    }

    private Dictionary<ulong, CompilationUnit> ReadTypeUnits()
    {
        var units = new Dictionary<ulong, CompilationUnit>();
        foreach (CompilationUnit unit in _units.Value)
        {
            if (unit.Type is UnitType.Type or UnitType.SplitType)
                units.TryAdd(unit.Signature, unit);
        }

        return units;
    }

    private CompilationUnit[] ReadUnits()
    {
        var units = new List<CompilationUnit>();
        var reader = new ByteReader(Sections.Info.Span, ".debug_info", 0, Sections.IsBigEndian);
        try
        {
            while (!reader.IsAtEnd)
            {
                if (units.Count >= Limits.MaxUnits)
                    reader.ThrowBad($"more than {Limits.MaxUnits} units");

                long start = reader.Offset;
                if (CompilationUnit.ReadHeader(this, ref reader) is { } unit)
                    units.Add(unit);
                else if (_problems.Count == 0)
                    _problems.Add(
                        new BadDataException(
                            ".debug_info",
                            start,
                            "a unit of a DWARF version other than 2 to 5 is skipped"
                        )
                    );
            }
        }
        catch (BadDataException e)
        {
            _problems.Add(e);
        }

        return [.. units];
    }
}
