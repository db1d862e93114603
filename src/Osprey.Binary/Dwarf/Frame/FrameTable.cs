using Osprey.Binary.Elf;

namespace Osprey.Binary.Dwarf.Frame;

// Call frame information says, for each place in the code, how the caller of the function there is found (DWARF 5,
// section 6.4). Entries are found by the sorted table that linkers put beside .eh_frame; where there is none, or it is
// not to be trusted, by an index that is made of all entries when it is first needed: a sorted array of their starts,
// and one of their offsets.
//
// Unwinding asks for the same few hundred rows over and over. They are kept in an array by a hash of the address, where
// a newer row takes the place of an older one: bounded, without locks, and nothing is allocated when a row is found
// there.

/// <summary>Finds how to unwind at an address, by one section of call frame information. Thread-safe.</summary>
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

    /// <param name="section">The section.</param>
    /// <param name="limits">Bounds on what it may declare.</param>
    public FrameTable(FrameSection section, ParseLimits? limits = null)
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
    public FrameSection Section { get; }

    /// <summary>Whether entries are found by the linker's table; an index is used otherwise.</summary>
    public bool HasSearchTable => _table is not null;

    /// <summary>The table of a file; null when it does not have that section.</summary>
    /// <exception cref="BadDataException">The section lies outside of the file, or can't be decompressed.</exception>
    public static FrameTable? FromImage(ElfImage image, FrameSectionKind kind, ParseLimits? limits = null) =>
        FrameSection.FromImage(image, kind) is { } section ? new FrameTable(section, limits) : null;

    /// <summary>The entry whose code holds a link-time address; null when there is none.</summary>
    /// <exception cref="BadDataException">The section is malformed.</exception>
    public FrameDescription? Find(ulong linkAddress)
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

                _table = null; // Of another build, or damaged: what the entries themselves say counts.
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

    /// <summary>How to unwind at a link-time address; null when the section says nothing about it.</summary>
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

    /// <summary>All rows of an entry, lowest address first.</summary>
    /// <exception cref="BadDataException">The entry's program is malformed.</exception>
    public IReadOnlyList<UnwindRow> ReadRows(in FrameDescription description)
    {
        var program = new FrameProgram(Section, _entries.Pointers, _limits);
        program.Start(description);
        var rows = new List<UnwindRow>();
        while (program.Next(description.Start) is { } row)
            rows.Add(row);

        return rows;
    }

    /// <summary>All entries, in the section's order.</summary>
    /// <exception cref="BadDataException">The section is malformed, or an entry.</exception>
    public IEnumerable<FrameDescription> EnumerateDescriptions()
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
    /// Whether the entry between two offsets ends the section. Where its length is known, linkers may put terminators
    /// in between.
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
