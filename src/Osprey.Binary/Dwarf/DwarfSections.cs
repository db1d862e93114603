using Osprey.Binary.Elf;

namespace Osprey.Binary.Dwarf;

/// <summary>
/// The debug sections of one file. Each is fetched when it is first asked for; a missing one is empty.
/// </summary>
/// <remarks>
/// Thread-safe. A property throws a <see cref="BadDataException"/> when its section can't be fetched.
/// </remarks>
internal sealed class DwarfSections
{
    private readonly LazySection _info;
    private readonly LazySection _abbreviations;
    private readonly LazySection _line;
    private readonly LazySection _strings;
    private readonly LazySection _lineStrings;
    private readonly LazySection _stringOffsets;
    private readonly LazySection _addresses;
    private readonly LazySection _addressRanges;
    private readonly LazySection _ranges;
    private readonly LazySection _rangeLists;
    private readonly LazySection _locations;
    private readonly LazySection _locationLists;
    private readonly LazySection _unitIndex;
    private readonly LazySection _typeIndex;
    private readonly Func<string, ReadOnlyMemory<byte>> _fetch;

    /// <summary>Creates the sections; none is fetched yet.</summary>
    /// <param name="fetch">Returns a section's bytes by its name with the dot; empty when there is none.</param>
    /// <param name="bigEndian">True when the file is big-endian.</param>
    /// <param name="code">The code of the file; null when nothing is known of it.</param>
    public DwarfSections(Func<string, ReadOnlyMemory<byte>> fetch, bool bigEndian = false, CodeMap? code = null)
    {
        IsBigEndian = bigEndian;
        Code = code ?? CodeMap.Everywhere;
        _info = On(".debug_info");
        _abbreviations = On(".debug_abbrev");
        _line = On(".debug_line");
        _strings = On(".debug_str");
        _lineStrings = On(".debug_line_str");
        _stringOffsets = On(".debug_str_offsets");
        _addresses = On(".debug_addr");
        _addressRanges = On(".debug_aranges");
        _ranges = On(".debug_ranges");
        _rangeLists = On(".debug_rnglists");
        _locations = On(".debug_loc");
        _locationLists = On(".debug_loclists");
        _unitIndex = On(".debug_cu_index");
        _typeIndex = On(".debug_tu_index");
        _fetch = fetch;

        LazySection On(string name) => new(name, fetch);
    }

    /// <summary>True when the sections' values are big-endian.</summary>
    public bool IsBigEndian { get; }

    /// <summary>The code of the file: a function that starts elsewhere was removed by the linker.</summary>
    public CodeMap Code { get; }

    /// <summary>
    /// The number that is added to the addresses in the sections, modulo 2^64: the program may have been moved after
    /// its debug info was split off.
    /// </summary>
    public ulong AddressShift { get; init; }

    /// <summary><c>.debug_info</c>: units of debugging information entries.</summary>
    public ReadOnlyMemory<byte> Info => _info.Content;

    /// <summary><c>.debug_abbrev</c>: the tags and attributes of those entries.</summary>
    public ReadOnlyMemory<byte> Abbreviations => _abbreviations.Content;

    /// <summary><c>.debug_line</c>: line number programs.</summary>
    public ReadOnlyMemory<byte> Line => _line.Content;

    /// <summary><c>.debug_str</c>: names.</summary>
    public ReadOnlyMemory<byte> Strings => _strings.Content;

    /// <summary><c>.debug_line_str</c>: file and folder names of version 5.</summary>
    public ReadOnlyMemory<byte> LineStrings => _lineStrings.Content;

    /// <summary><c>.debug_str_offsets</c>: offsets of names, by number.</summary>
    public ReadOnlyMemory<byte> StringOffsets => _stringOffsets.Content;

    /// <summary><c>.debug_addr</c>: addresses by number.</summary>
    public ReadOnlyMemory<byte> Addresses => _addresses.Content;

    /// <summary><c>.debug_aranges</c>: the addresses that each unit covers.</summary>
    public ReadOnlyMemory<byte> AddressRanges => _addressRanges.Content;

    /// <summary><c>.debug_ranges</c>: range lists up to version 4.</summary>
    public ReadOnlyMemory<byte> Ranges => _ranges.Content;

    /// <summary><c>.debug_rnglists</c>: range lists of version 5.</summary>
    public ReadOnlyMemory<byte> RangeLists => _rangeLists.Content;

    /// <summary><c>.debug_loc</c>: location lists up to version 4.</summary>
    public ReadOnlyMemory<byte> Locations => _locations.Content;

    /// <summary><c>.debug_loclists</c>: location lists of version 5.</summary>
    public ReadOnlyMemory<byte> LocationLists => _locationLists.Content;

    /// <summary><c>.debug_cu_index</c>: the units of a package.</summary>
    public ReadOnlyMemory<byte> UnitIndex => _unitIndex.Content;

    /// <summary><c>.debug_tu_index</c>: the type units of a package.</summary>
    public ReadOnlyMemory<byte> TypeIndex => _typeIndex.Content;

    /// <summary>
    /// Returns the sections of a <c>.dwo</c> file or a package, whose names end in <c>.dwo</c>. Its units use the
    /// addresses and the range lists (up to version 4) of the program that these sections are of.
    /// </summary>
    public DwarfSections ForSplit(Func<string, ReadOnlyMemory<byte>> fetch) =>
        new(
            name =>
                name switch
                {
                    ".debug_addr" => Addresses,
                    ".debug_ranges" => Ranges,
                    ".debug_cu_index" or ".debug_tu_index" => fetch(name),
                    _ => fetch(name + ".dwo"),
                },
            IsBigEndian,
            Code
        )
        {
            AddressShift = AddressShift,
        };

    /// <summary>
    /// Returns the same sections, with <c>.debug_types</c> (version 4) in place of <c>.debug_info</c>.
    /// </summary>
    public DwarfSections ForTypes() =>
        new(name => _fetch(name == ".debug_info" ? ".debug_types" : name), IsBigEndian, Code)
        {
            AddressShift = AddressShift,
        };

    /// <summary>
    /// Returns the address that a stored one stands for; the highest ones, which mark removed code, stay as they are.
    /// </summary>
    public ulong Move(ulong stored, in UnitEncoding encoding) =>
        stored >= encoding.HighestAddress - 1 ? stored : unchecked(stored + AddressShift) & encoding.HighestAddress;

    /// <summary>Returns the debug sections of an ELF file.</summary>
    /// <param name="image">The file.</param>
    /// <param name="shift">The number that is added to their addresses.</param>
    /// <param name="program">
    /// The program that they are of, where that is another file; null when it is the same.
    /// </param>
    public static DwarfSections FromImage(ElfImage image, ulong shift = 0, ElfImage? program = null) =>
        new(image.GetDebugContent, image.IsBigEndian, CodeMap.FromImage(shift == 0 ? image : program ?? image))
        {
            AddressShift = shift,
        };
}
