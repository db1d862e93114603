using System.Text;

namespace Osprey.Binary.Dwarf.Line;

/// <summary>
/// A unit's line table: which source line each instruction is from. Rows are kept as sorted arrays; file
/// names are put together when they are first asked for.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class LineTable
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

    /// <summary>Number of rows.</summary>
    public int RowCount => _addresses.Length;

    /// <summary>
    /// Why the table is not complete; null when it is. What was read before the error is in the table.
    /// </summary>
    public BadDataException? Problem { get; }

    /// <summary>Reads the table at <paramref name="offset"/> of <c>.debug_line</c>.</summary>
    /// <param name="sections">The file's debug sections.</param>
    /// <param name="offset">Where the table starts.</param>
    /// <param name="addressSize">Bytes of an address, which tables before version 5 do not say.</param>
    /// <param name="limits">Bounds on what it may declare.</param>
    /// <exception cref="BadDataException">The table's header is malformed.</exception>
    public static LineTable Parse(DwarfSections sections, ulong offset, byte addressSize, ParseLimits limits)
    {
        var reader = new ByteReader(sections.Line.Span, ".debug_line", 0, sections.IsBigEndian);
        reader.Seek(offset);
        LineHeader header = LineHeader.Read(ref reader, addressSize, out ByteReader program);
        var rows = new LineRowBuffer(limits);
        BadDataException? problem = null;
        try
        {
            new LineProgram(header, program, rows).Run();
        }
        catch (BadDataException e)
        {
            problem = e;
        }

        return new LineTable(sections, limits, header, rows, problem);
    }

    /// <summary>
    /// Reads what files the table at <paramref name="offset"/> of <c>.debug_line</c> names, without its rows.
    /// </summary>
    /// <inheritdoc cref="Parse(DwarfSections, ulong, byte, ParseLimits)"/>
    public static LineTable ParseFiles(DwarfSections sections, ulong offset, byte addressSize, ParseLimits limits)
    {
        var reader = new ByteReader(sections.Line.Span, ".debug_line", 0, sections.IsBigEndian);
        reader.Seek(offset);
        LineHeader header = LineHeader.Read(ref reader, addressSize, out _);
        return new LineTable(sections, limits, header, new LineRowBuffer(limits), null);
    }

    /// <summary>Looks for the row that covers a link-time address.</summary>
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
    /// A file's path as the compiler was given it, made absolute with the folder it ran in where that is known.
    /// </summary>
    /// <param name="file">The number from a row or a <c>DW_AT_call_file</c>.</param>
    /// <param name="compilationDirectory">The unit's; the same in every call.</param>
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

        // Up to version 4 folder 0 is the one that the compiler ran in, and is not in the table.
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
