using System.Text;

namespace Osprey.Binary.Dwarf.Line;

// How line tables work. A line table (DWARF 5, section 6.2) maps each address of a unit's code to a source file and
// line. Written out it would be larger than the code, so .debug_line has a program for a small machine instead: the
// machine has registers for address, file and line; most opcodes are one byte that advances address and line at once
// and emits a row. A sequence of rows has ascending addresses and covers one range of code; one unit has many sequences
// (one for each function that is in a section of its own), in no order.
//
// A row holds for all addresses up to the next row's, and the end of its sequence is the only row that says "no more".
// So a look-up has two steps: find the sequence that holds the address, then the last row in it that is not above the
// address. Both are binary searches over plain arrays: sequences by their ends, rows by their addresses. Columns are
// separate arrays, since a search reads addresses only.
//
// * The program runs once per unit, when the first address of the unit is asked for. LineProgram is the machine,
//   LineRowBuffer collects rows and sorts them where the file did not (assembly written by hand), LineHeader has
//   parameters, folders and files.
// * Names are not decoded while the table is read: LineString keeps their place. Most files of a table are never asked
//   for.
// * Only what an answer needs is kept: no columns, no flags for statements and prologues. Their opcodes are read and
//   ignored; opcodes that are not known are skipped by the operand counts of the header.
// * Linkers set the start of code that they removed to 0 or to the highest address. Such sequences stay in the table;
//   they are at addresses where no code is.
// * A malformed program costs the rows after the error: the sequences that were complete stay, and Problem says why
//   others are missing. Rows without an end of their sequence are dropped, since nothing says how far the last one
//   reaches.
// * Files count from 1 up to version 4 and from 0 in version 5; folder 0 is the compiler's folder in both, but in the
//   table only in version 5.

/// <summary>
/// A unit's line table: the source line of each instruction. Rows are kept as sorted arrays; a file's path is built
/// when it is first asked for.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LineTable
{
    private readonly DwarfSections _sections;
    private readonly ParseLimits _limits;
    private readonly LineHeader _header;
    private readonly ulong[] _sequenceHighs;
    private readonly LineSequence[] _sequences;
    private readonly ulong[] _addresses;
    private readonly int[] _files;
    private readonly int[] _lines;
    private readonly string?[] _paths;

    private LineTable(
        DwarfSections sections,
        ParseLimits limits,
        LineHeader header,
        LineRowBuffer rows,
        BadDataException? problem
    )
    {
        _sections = sections;
        _limits = limits;
        _header = header;
        Problem = problem;
        _sequences = rows.GetSortedSequences();
        _sequenceHighs = new ulong[_sequences.Length];
        for (int i = 0; i < _sequences.Length; i++)
            _sequenceHighs[i] = _sequences[i].High;

        (_addresses, _files, _lines) = rows.ToArrays();
        _paths = new string?[header.Files.Count];
    }

    /// <summary>Version of the table, 2 to 5.</summary>
    public int Version => _header.Encoding.Version;

    /// <summary>The number of rows.</summary>
    public int RowCount => _addresses.Length;

    /// <summary>
    /// The error because of which the table is not complete; null when it is complete. Rows read before the error are
    /// in the table.
    /// </summary>
    public BadDataException? Problem { get; }

    /// <summary>Reads the table at <paramref name="offset"/> of <c>.debug_line</c>.</summary>
    /// <param name="sections">The file's debug sections.</param>
    /// <param name="offset">Offset of the table.</param>
    /// <param name="addressSize">Size of an address in bytes; tables of version 5 have their own.</param>
    /// <param name="limits">Limits on what the table may declare.</param>
    /// <exception cref="BadDataException">The table's header is malformed.</exception>
    public static LineTable Parse(DwarfSections sections, ulong offset, byte addressSize, ParseLimits limits)
    {
        var reader = new ByteReader(sections.Line.Span, ".debug_line", 0, sections.IsBigEndian);
        reader.Seek(offset);
        LineHeader header = LineHeader.Read(ref reader, addressSize, out ByteReader program);
        var rows = new LineRowBuffer(limits, sections.Code);
        BadDataException? problem = null;
        try
        {
            new LineProgram(header, program, rows, sections.AddressShift).Run();
        }
        catch (BadDataException e)
        {
            problem = e;
        }

        return new LineTable(sections, limits, header, rows, problem);
    }

    /// <summary>
    /// Reads the files of the table at <paramref name="offset"/> of <c>.debug_line</c>, without its rows.
    /// </summary>
    /// <inheritdoc cref="Parse(DwarfSections, ulong, byte, ParseLimits)"/>
    public static LineTable ParseFiles(DwarfSections sections, ulong offset, byte addressSize, ParseLimits limits)
    {
        var reader = new ByteReader(sections.Line.Span, ".debug_line", 0, sections.IsBigEndian);
        reader.Seek(offset);
        LineHeader header = LineHeader.Read(ref reader, addressSize, out _);
        return new LineTable(sections, limits, header, new LineRowBuffer(limits, sections.Code), null);
    }

    /// <summary>Finds the row that covers a link-time address.</summary>
    /// <returns>False when no sequence holds the address.</returns>
    public bool TryFindRow(ulong linkAddress, out LineRow row)
    {
        row = default;
        int index = BinarySearch.FindLastNotAbove(_sequenceHighs, linkAddress) + 1;
        if (index >= _sequences.Length || linkAddress < _sequences[index].Low)
            return false;

        LineSequence sequence = _sequences[index];
        int found =
            sequence.FirstRow
            + BinarySearch.FindLastNotAbove(_addresses.AsSpan(sequence.FirstRow, sequence.RowCount), linkAddress);
        row = new LineRow(_files[found], _lines[found]);
        return true;
    }

    /// <summary>
    /// Lists the places where code of a line begins: the rows that differ from the one before, in the order of their
    /// sequences. Only places with code of this file are listed.
    /// </summary>
    public IEnumerable<(ulong Address, LineRow Row)> ListStarts()
    {
        foreach (LineSequence sequence in _sequences)
        {
            if (!_sections.Code.Contains(sequence.Low))
                continue;

            LineRow? last = null;
            for (int row = sequence.FirstRow; row < sequence.FirstRow + sequence.RowCount; row++)
            {
                var current = new LineRow(_files[row], _lines[row]);
                bool isCovered =
                    row + 1 < sequence.FirstRow + sequence.RowCount && _addresses[row + 1] == _addresses[row];
                if (isCovered || current == last)
                    continue;

                last = current;
                yield return (_addresses[row], current);
            }
        }
    }

    /// <summary>True when one of the table's files has a path that is wanted.</summary>
    /// <param name="isWanted">Tells whether a path is.</param>
    /// <param name="compilationDirectory">As for <see cref="GetFilePath"/>.</param>
    public bool HasFile(Predicate<string> isWanted, string? compilationDirectory)
    {
        for (int file = 0; file <= _paths.Length; file++)
        {
            if (GetFilePath(file, compilationDirectory) is { } path && isWanted(path))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Returns a file's path as it was given to the compiler. Where the table or the unit names the folder that the
    /// compiler ran in, the path is absolute.
    /// </summary>
    /// <param name="file">The file's number, from a row or a <c>DW_AT_call_file</c>.</param>
    /// <param name="compilationDirectory">
    /// The unit's compilation folder; the same one in every call, since paths are kept.
    /// </param>
    /// <returns>Null when there is no such file.</returns>
    public string? GetFilePath(int file, string? compilationDirectory)
    {
        long index = Version >= 5 ? file : (long)file - 1;
        if (index < 0 || index >= _paths.Length)
            return null;

        return _paths[index] ??= BuildPath(_header.Files[(int)index], compilationDirectory ?? "");
    }

    private string BuildPath(in LineFile file, string compilationDirectory)
    {
        string name = ReadText(file.Name);
        if (name.StartsWith('/'))
            return name;

        // Up to version 4, folder 0 is the one that the compiler ran in, and is not in the table.
        ulong index = Version >= 5 ? file.Directory : unchecked(file.Directory - 1);
        string directory = index < (ulong)_header.Directories.Length ? ReadText(_header.Directories[(int)index]) : "";
        return directory.StartsWith('/')
            ? JoinPath(directory, name)
            : JoinPath(JoinPath(compilationDirectory, directory), name);
    }

    private static string JoinPath(string first, string second)
    {
        if (first.Length == 0 || second.Length == 0)
            return first + second;

        return first.EndsWith('/') ? first + second : $"{first}/{second}";
    }

    private string ReadText(LineString text)
    {
        ReadOnlyMemory<byte> section = text.Section switch
        {
            LineStringSection.Line => _sections.Line,
            LineStringSection.LineStrings => _sections.LineStrings,
            LineStringSection.Strings => _sections.Strings,
            _ => default,
        };
        ReadOnlySpan<byte> bytes = section.Span;
        if (text.Offset >= (ulong)bytes.Length)
            return "";

        bytes = bytes[(int)text.Offset..];
        int length = bytes.IndexOf((byte)0);
        return length >= 0 && length <= _limits.MaxNameLength ? Encoding.UTF8.GetString(bytes[..length]) : "";
    }
}
