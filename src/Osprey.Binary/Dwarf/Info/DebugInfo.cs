using Osprey.Binary.Dwarf.Split;

namespace Osprey.Binary.Dwarf.Info;

// How debug info is read. .debug_info (DWARF 5, section 7.5) is a row of units, mostly one for each source file that
// was compiled. A unit is a tree of entries (DIEs): functions, types, variables. An entry has no length and no fixed
// shape: it starts with the code of an abbreviation, which names its tag and its attributes with their forms, and then
// has the attributes' values one after the other. Its children follow it, up to a code of 0.
//
// The problem: a kernel has hundreds of megabytes of this, and a question needs a few entries of it. Objects for all
// entries would need far more memory and time than the answer is worth.
//
// The idea: entries are decoded where they lie, when somebody asks. What is kept in memory are the headers of units and
// the tables of abbreviations that were used.
//
// * DebugInfo knows where units start. It reads their headers in one pass, which jumps from header to header by their
//   lengths, and touches every page with one. Where an index has the starts of all units (UseStarts), or of one
//   (OpenUnit), a header is read when its unit is asked for. Each unit is one object, whichever way it is found.
// * DieCursor walks a unit's entries and reads any attribute. To get to the next entry it must step over the values of
//   this one; an abbreviation plans that once: sizes of neighbouring values are added up (Abbreviation.Steps), and only
//   forms of variable size are looked at.
// * EntryScanner is for passes over a whole file. It keeps a handful of attributes, creates no objects, and jumps over
//   an entry with all below it where DW_AT_sibling says where that ends. EntryShapes holds its abbreviations, without
//   an object for each.
//
// What holds everywhere:
//
// * An offset counts from the start of its section, and identifies an entry. A value means something only to its unit
//   (sizes, tables of strings and addresses), so CompilationUnit decodes it, not AttributeValue.
// * A reference can lead into the unit, to any other unit, by signature to a type unit (in .debug_info, or up to
//   version 4 in .debug_types, which is a DebugInfo of its own: Types), or to the supplementary file of dwz. The last
//   two may be missing: then the reader gets false, not an error.
// * Files lie. Counts, lengths and depth are held against ParseLimits. A malformed header ends the list of units, since
//   nothing says where the next one starts; a unit of an unknown version is skipped, since its length is known. A
//   malformed entry costs the rest of its unit only: the caller that reads the unit catches the BadDataException.

/// <summary>The debug information of a file: the units of <c>.debug_info</c>, and what they share.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DebugInfo
{
    private readonly Lock _lock = new();
    private readonly Lock _openLock = new();
    private readonly Dictionary<ulong, CompilationUnit?> _opened = [];
    private ulong[] _starts = [];
    private readonly Dictionary<string, AbbreviationTable> _abbreviations = [];
    private readonly List<BadDataException> _problems = [];
    private readonly Lazy<CompilationUnit[]> _units;
    private readonly Lazy<DebugInfo?> _types;
    private readonly Lazy<Dictionary<ulong, CompilationUnit>> _typeUnits;
    private readonly Lazy<Dictionary<ulong, UnitContribution>> _contributions;
    private readonly Lazy<Dictionary<ulong, CompilationUnit>> _splitUnits;
    private readonly DebugInfo? _main;

    /// <summary>Creates the debug information of a file; nothing is read yet.</summary>
    /// <param name="sections">The file's debug sections.</param>
    /// <param name="limits">Limits on what the sections may declare; null for the default ones.</param>
    /// <param name="supplementary">The file that dwz moved shared entries to; null when there is none.</param>
    public DebugInfo(DwarfSections sections, ParseLimits? limits = null, DebugInfo? supplementary = null)
    {
        Sections = sections;
        Limits = limits ?? ParseLimits.Default;
        Supplementary = supplementary;
        _units = new Lazy<CompilationUnit[]>(ReadUnits);
        _types = new Lazy<DebugInfo?>(OpenTypes);
        _typeUnits = new Lazy<Dictionary<ulong, CompilationUnit>>(ReadTypeUnits);
        _contributions = new Lazy<Dictionary<ulong, UnitContribution>>(ReadContributions);
        _splitUnits = new Lazy<Dictionary<ulong, CompilationUnit>>(ReadSplitUnits);
    }

    private DebugInfo(DebugInfo main)
        : this(main.Sections.ForTypes(), main.Limits, main.Supplementary)
    {
        _main = main;
        Program = main.Program;
    }

    /// <summary>The abbreviations of the units that are scanned now and then.</summary>
    public EntryShapesPool Shapes { get; } = new();

    /// <summary>The debug info with the skeletons of these units; null when these are not split units.</summary>
    public DebugInfo? Program { get; init; }

    /// <summary>Finds the units that were split off; null when that was not prepared.</summary>
    public SplitUnits? Splits { get; private set; }

    /// <summary>
    /// For split units: the number that is added to the offsets of entries in the index of names, so that those of all
    /// files differ. 0 until <see cref="SplitUnits.Areas"/> was asked for.
    /// </summary>
    public ulong NameBase { get; set; }

    /// <summary>The file's debug sections.</summary>
    public DwarfSections Sections { get; }

    /// <summary>Limits on what the sections may declare.</summary>
    public ParseLimits Limits { get; }

    /// <summary>
    /// The file that dwz moved shared entries to (<c>.gnu_debugaltlink</c>); null when there is none.
    /// </summary>
    public DebugInfo? Supplementary { get; }

    /// <summary>The units of <c>.debug_types</c> (version 4); null when there are none.</summary>
    /// <exception cref="BadDataException">The section can't be read.</exception>
    public DebugInfo? Types => _types.Value;

    /// <summary>
    /// True when this holds the units of <c>.debug_types</c>, as the <see cref="Types"/> of another object.
    /// </summary>
    public bool HoldsTypeUnits => _main is not null;

    /// <summary>
    /// The units in stored order, up to the first with a malformed header. Units of unknown versions are left out.
    /// </summary>
    /// <exception cref="BadDataException">The section can't be read.</exception>
    public IReadOnlyList<CompilationUnit> Units => _units.Value;

    /// <summary>
    /// The errors because of which <see cref="Units"/> is not complete; empty when it is complete or was not asked for.
    /// </summary>
    public IReadOnlyList<BadDataException> Problems => _problems;

    /// <summary>
    /// Reads the header of one unit without reading the others; null when its version is not one of 2 to 5.
    /// </summary>
    /// <param name="offset">Offset of the unit in <c>.debug_info</c>.</param>
    /// <exception cref="BadDataException">The header is malformed, or the section can't be read.</exception>
    public CompilationUnit? OpenUnit(ulong offset)
    {
        lock (_openLock)
        {
            if (!_opened.TryGetValue(offset, out CompilationUnit? unit))
            {
                var reader = new ByteReader(Sections.Info.Span, ".debug_info", 0, Sections.IsBigEndian);
                reader.Seek(offset);
                unit = CompilationUnit.ReadHeader(this, ref reader);
                _opened.Add(offset, unit);
            }

            return unit;
        }
    }

    /// <summary>
    /// Takes the starts of all units out of an index, so that a unit is found without reading the headers of the
    /// others. A start where no unit is does no harm.
    /// </summary>
    /// <param name="starts">Offsets in <c>.debug_info</c>, sorted; none when they are not known.</param>
    public void UseStarts(ulong[] starts) => _starts = starts;

    /// <summary>Finds the unit that holds an offset of <c>.debug_info</c>; null when none does.</summary>
    public CompilationUnit? FindUnit(ulong offset)
    {
        if (!_units.IsValueCreated && FindByStart(offset) is { } found)
            return found;

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

    private CompilationUnit? FindByStart(ulong offset)
    {
        int index = BinarySearch.FindLastNotAbove(_starts, offset);
        try
        {
            return index >= 0 && OpenUnit(_starts[index]) is { } unit && offset < unit.EndOffset ? unit : null;
        }
        catch (BadDataException)
        {
            return null; // not where a unit starts: the pass over all of them tells
        }
    }

    /// <summary>Finds the type unit of a signature, here or in <c>.debug_types</c>; null when there is none.</summary>
    public CompilationUnit? FindTypeUnit(ulong signature)
    {
        DebugInfo main = _main ?? this;
        return main._typeUnits.Value.GetValueOrDefault(signature)
            ?? main.Types?._typeUnits.Value.GetValueOrDefault(signature);
    }

    /// <summary>Prepares the search for the files that units were split off to.</summary>
    public void UseSplits(Func<CompilationUnit, DebugInfo?> open) => Splits = new SplitUnits(this, open);

    /// <summary>Finds a split unit by its number; null when there is none.</summary>
    public CompilationUnit? FindSplitUnit(ulong id) => _splitUnits.Value.GetValueOrDefault(id);

    /// <summary>Returns what a package has for the unit at an offset; all 0 when this is no package.</summary>
    /// <exception cref="BadDataException">The package's index is malformed.</exception>
    internal UnitContribution GetContribution(ulong offset) =>
        Program is null ? default : _contributions.Value.GetValueOrDefault(offset);

    /// <summary>Returns the abbreviations of a unit; units with the same ones share a table.</summary>
    /// <exception cref="BadDataException">They are malformed.</exception>
    internal AbbreviationTable GetAbbreviations(CompilationUnit unit)
    {
        UnitEncoding encoding = unit.Encoding;
        string key =
            $"{unit.AbbreviationsOffset:x} {(int)encoding.Version} "
            + $"{(int)encoding.AddressSize} {(int)encoding.OffsetSize}";
        lock (_lock)
        {
            if (!_abbreviations.TryGetValue(key, out AbbreviationTable? table))
            {
                table = AbbreviationTable.Parse(
                    Sections.Abbreviations,
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

    private Dictionary<ulong, UnitContribution> ReadContributions()
    {
        bool big = Sections.IsBigEndian;
        Dictionary<ulong, UnitContribution> units = PackageIndex.Read(
            Sections.TypeIndex.Span,
            ".debug_tu_index",
            big,
            HoldsTypeUnits,
            Limits
        );
        if (HoldsTypeUnits)
            return units;

        foreach (
            (ulong offset, UnitContribution unit) in PackageIndex.Read(
                Sections.UnitIndex.Span,
                ".debug_cu_index",
                big,
                false,
                Limits
            )
        )
            units.TryAdd(offset, unit);

        return units;
    }

    private Dictionary<ulong, CompilationUnit> ReadSplitUnits()
    {
        var units = new Dictionary<ulong, CompilationUnit>();
        foreach (CompilationUnit unit in _units.Value)
        {
            if (unit.Type is not (UnitType.Type or UnitType.SplitType) && unit.SplitId is { } id)
                units.TryAdd(id, unit);
        }

        return units;
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
                CompilationUnit? unit = CompilationUnit.ReadHeader(this, ref reader);
                if (unit is not null)
                    units.Add(KeepFirst(unit));
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

    /// <summary>Returns the object that the unit has already, if it was opened before; else this one.</summary>
    private CompilationUnit KeepFirst(CompilationUnit unit)
    {
        lock (_openLock)
        {
            if (_opened.TryGetValue(unit.Offset, out CompilationUnit? first) && first is not null)
                return first;

            _opened[unit.Offset] = unit;
            return unit;
        }
    }
}
