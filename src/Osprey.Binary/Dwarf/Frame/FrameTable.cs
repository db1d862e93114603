using Osprey.Binary.Elf;

namespace Osprey.Binary.Dwarf.Frame;

// How call frame information works. To unwind a stack, one must know for the program counter of each frame where the
// caller's registers are: which of them the function saved, and where. That changes within a function, with each push.
// Call frame information (DWARF 5, section 6.4) is a table of it: for each address of the code a rule for the CFA (the
// value of the stack pointer before the call) and a rule for each register that the function saved.
//
// The table is stored as programs. An entry (FDE) describes a range of code, mostly one function, and refers to an
// entry that it shares with others (CIE), which has the rules at a function's start. FrameProgram executes the CIE's
// program, then the FDE's; each advance of the location ends a row. Some operations remember and restore whole sets of
// rules, which compilers use around early returns.
//
// There are two sections, which differ in small ways: .eh_frame is part of the loaded program and is used for
// exceptions, .debug_frame is for debuggers. Linkers put .eh_frame_hdr beside the first: a table of the starts of code,
// sorted, with the entry for each.
//
// From an address to a row:
//
// 1. A cache of rows. Unwinding asks for the same few hundred rows again and again. They are in an array at the hash of
//    the address that was asked for, where a newer row takes the place of an older one: bounded, without locks, and a
//    hit allocates nothing. A row found there is used only if it covers the address.
// 2. The entry: by the linker's table (FrameSearchTable), or, where there is none or it is wrong, by an index of all
//    entries that is made when it is first needed: a sorted array of starts and one of offsets.
// 3. The program of the entry, up to the row that covers the address.
//
// What holds: the entry decides, not the table. An entry that the linker's table leads to must start where the table
// says, else the table is of another build or damaged and is given up for good. Rows cover [Start, End) and never
// overlap within an entry. A file without section headers still works: the program header of .eh_frame_hdr leads to the
// table, the table to the section, and an entry of length 0 ends it. Counts of entries, of remembered states and of
// registers are bounded.

/// <summary>Finds the unwind rules for an address, in one section of call frame information. Thread-safe.</summary>
public sealed class FrameTable
{
    private const int CacheSize = 2048;

    private readonly ParseLimits _limits;
    private readonly FrameEntryReader _entries;
    private readonly Lock _lock = new();
    private readonly UnwindRow?[] _cache = new UnwindRow?[CacheSize];
    private readonly FrameProgram _program;
    private FrameSearchTable? _table;
    private ulong[]? _starts;
    private int[] _offsets = [];

    /// <summary>Creates a table over a section. The linker's search table is used only if it is sorted.</summary>
    /// <param name="section">The section.</param>
    /// <param name="limits">Limits on what the section may declare; null for the default ones.</param>
    internal FrameTable(FrameSection section, ParseLimits? limits = null)
    {
        Section = section;
        _limits = limits ?? ParseLimits.Default;
        _entries = new FrameEntryReader(section);
        _program = new FrameProgram(section, _entries.Pointers, _limits);
        _table = section.Kind == FrameSectionKind.EhFrame ? FrameSearchTable.TryOpen(section) : null;
        if (_table is { } table && !table.IsSorted())
            _table = null;
    }

    /// <summary>The section.</summary>
    internal FrameSection Section { get; }

    /// <summary>
    /// True when entries are found by the linker's search table; otherwise an index of all entries is used.
    /// </summary>
    internal bool HasSearchTable => _table is not null;

    /// <summary>Opens the table of a file; null when the file does not have that section.</summary>
    /// <exception cref="BadDataException">The section lies outside of the file, or can't be decompressed.</exception>
    public static FrameTable? FromImage(ElfImage image, FrameSectionKind kind, ParseLimits? limits = null) =>
        FrameSection.FromImage(image, kind) is { } section ? new FrameTable(section, limits) : null;

    /// <summary>Finds the entry whose code holds a link-time address; null when there is none.</summary>
    /// <exception cref="BadDataException">The section is malformed.</exception>
    internal FrameDescription? Find(ulong linkAddress)
    {
        lock (_lock)
        {
            if (_table is { } table)
            {
                int offset = table.Find(linkAddress, out ulong start);
                if (offset < 0)
                    return null;

                if (IsDescriptionAt(offset, start, out FrameDescription found))
                    return found.Contains(linkAddress) ? found : null;

                if (Section.Gaps.Count > 0)
                    throw new BadDataException(Section.Name, offset, FrameEntryReader.Missing);

                _table = null; // The table is of another build, or damaged: only the entries count from now on.
            }

            if (_starts is null)
                BuildIndex();

            int index = BinarySearch.FindLastNotAbove(_starts, linkAddress);
            return
                index >= 0
                && _entries.TryReadDescription(_offsets[index], out _, out FrameDescription description)
                && description.Contains(linkAddress)
                ? description
                : null;
        }
    }

    /// <summary>Finds the unwind rules for a link-time address; null when the section has none for it.</summary>
    /// <exception cref="BadDataException">
    /// The section is malformed, or the entry that describes the address.
    /// </exception>
    public UnwindRow? FindRow(ulong linkAddress)
    {
        ref UnwindRow? cached = ref _cache[Hash(linkAddress)];
        if (Volatile.Read(ref cached) is { } known && linkAddress >= known.Start && linkAddress < known.End)
            return known;

        if (Find(linkAddress) is not { } description)
            return null;

        UnwindRow? row;
        lock (_lock)
        {
            _program.Start(description);
            row = _program.Next(linkAddress);
        }

        Volatile.Write(ref cached, row);
        return row;
    }

    /// <summary>Reads all rows of an entry, lowest address first.</summary>
    /// <exception cref="BadDataException">The entry's program is malformed.</exception>
    internal IReadOnlyList<UnwindRow> ReadRows(in FrameDescription description)
    {
        var program = new FrameProgram(Section, _entries.Pointers, _limits);
        program.Start(description);
        var rows = new List<UnwindRow>();
        while (program.Next(description.Start) is { } row)
            rows.Add(row);

        return rows;
    }

    /// <summary>Enumerates all entries, in the section's order.</summary>
    /// <exception cref="BadDataException">The section is malformed, or an entry.</exception>
    internal IEnumerable<FrameDescription> EnumerateDescriptions()
    {
        int offset = 0;
        while (offset < Section.Content.Length)
        {
            if (_entries.TryReadDescription(offset, out int next, out FrameDescription description))
                yield return description;
            else if (IsLast(offset, next))
                yield break;

            offset = next;
        }
    }

    private static int Hash(ulong linkAddress) => (int)(unchecked(linkAddress * 0x9e37_79b9_7f4a_7c15) >> 53);

    /// <summary>
    /// True when the entry between two offsets ends the section. Where the section's size is known, it may hold
    /// terminators that do not end it.
    /// </summary>
    private bool IsLast(int offset, int next) => Section.EndsAtTerminator && next - offset == 4;

    private bool IsDescriptionAt(int offset, ulong start, out FrameDescription description)
    {
        try
        {
            return _entries.TryReadDescription(offset, out _, out description) && description.Start == start;
        }
        catch (BadDataException)
        {
            description = default;
            return false;
        }
    }

    private void BuildIndex()
    {
        var starts = new List<ulong>();
        var offsets = new List<int>();
        foreach (FrameDescription description in EnumerateDescriptions())
        {
            if (starts.Count >= _limits.MaxFrameEntries)
                throw new BadDataException(
                    Section.Name,
                    description.Offset,
                    $"more than {_limits.MaxFrameEntries} entries"
                );

            starts.Add(description.Start);
            offsets.Add(description.Offset);
        }

        ulong[] sorted = [.. starts];
        int[] sortedOffsets = [.. offsets];
        Array.Sort(sorted, sortedOffsets);
        _offsets = sortedOffsets;
        _starts = sorted;
    }
}
