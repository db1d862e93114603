using Osprey.Binary.Elf;

namespace Osprey.Binary.Dwarf.Line;

/// <summary>Collects rows, and groups them into sequences.</summary>
internal sealed class LineRowBuffer(ParseLimits limits, CodeMap code)
{
    // 4 MB; what a table of a whole program linked as one unit took is not kept.
    private const int MaxSpareRows = 1 << 18;

    // The columns of the last table that this thread read. Memory that is touched for the first time costs more than
    // the rows that are written to it.
    [ThreadStatic]
    private static Columns? _spare;

    private readonly Columns _columns = TakeSpare();
    private int _count;
    private int _sequenceStart;
    private bool _isSorted = true;

    private ArrayBuilder<LineSequence> _sequences;
    private bool _areSequencesSorted = true;

    /// <summary>Returns the sequences in the order of their ends.</summary>
    public LineSequence[] GetSortedSequences()
    {
        LineSequence[] sequences = _sequences.ToArray();
        if (!_areSequencesSorted)
            StableSort.Sort(sequences);

        return sequences;
    }

    /// <summary>Adds a row to the current sequence.</summary>
    /// <exception cref="BadDataException">The table has more rows than the limit.</exception>
    public void Add(ref ByteReader reader, ulong address, int file, int line)
    {
        if (_count >= limits.MaxLineRows)
            reader.ThrowBad($"more than {limits.MaxLineRows} rows in one line table");

        Columns columns = _columns;
        if (_count == columns.Addresses.Length)
            columns.Grow();

        _isSorted &= _count == _sequenceStart || address >= columns.Addresses[_count - 1];
        columns.Addresses[_count] = address;
        columns.Files[_count] = file;
        columns.Lines[_count] = line;
        _count++;
    }

    /// <summary>
    /// Ends the current sequence at <paramref name="high"/>, the first address behind it. A sequence that covers no
    /// address, or removed code, is dropped.
    /// </summary>
    public void EndSequence(ulong high)
    {
        int rows = _count - _sequenceStart;
        if (rows > 0 && !_isSorted)
            SortRows(rows);

        if (rows > 0 && _columns.Addresses[_sequenceStart] < high && code.Contains(_columns.Addresses[_sequenceStart]))
        {
            _areSequencesSorted &= _sequences.Count == 0 || _sequences[_sequences.Count - 1].High <= high;
            _sequences.Add(new LineSequence(high, _columns.Addresses[_sequenceStart], _sequenceStart, rows));
        }
        else
        {
            _count = _sequenceStart;
        }

        _sequenceStart = _count;
        _isSorted = true;
    }

    /// <summary>Returns the columns of all rows that belong to a sequence. The buffer is not used after that.</summary>
    public (ulong[] Addresses, int[] Files, int[] Lines) ToArrays()
    {
        Range rows = .._sequenceStart;
        (ulong[], int[], int[]) arrays = (_columns.Addresses[rows], _columns.Files[rows], _columns.Lines[rows]);
        if (_columns.Addresses.Length <= MaxSpareRows)
            _spare = _columns;

        return arrays;
    }

    private static Columns TakeSpare()
    {
        Columns columns = _spare ?? new Columns();
        _spare = null;
        return columns;
    }

    /// <summary>
    /// Sorts the current sequence's rows by address: the format requires that, but hand-written assembly does not
    /// always do it.
    /// </summary>
    private void SortRows(int rows)
    {
        var sorted = new UnsortedRow[rows];
        for (int i = 0; i < rows; i++)
        {
            int from = _sequenceStart + i;
            sorted[i] = new UnsortedRow(_columns.Addresses[from], i, _columns.Files[from], _columns.Lines[from]);
        }

        StableSort.Sort(sorted);
        for (int i = 0; i < rows; i++)
        {
            int to = _sequenceStart + i;
            _columns.Addresses[to] = sorted[i].Address;
            _columns.Files[to] = sorted[i].File;
            _columns.Lines[to] = sorted[i].Line;
        }
    }

    private sealed class Columns
    {
        public ulong[] Addresses = new ulong[256];
        public int[] Files = new int[256];
        public int[] Lines = new int[256];

        public void Grow()
        {
            int size = Addresses.Length * 2;
            Array.Resize(ref Addresses, size);
            Array.Resize(ref Files, size);
            Array.Resize(ref Lines, size);
        }
    }

    private readonly record struct UnsortedRow(ulong Address, int Order, int File, int Line) : IComparable<UnsortedRow>
    {
        public int CompareTo(UnsortedRow other)
        {
            int order = Address.CompareTo(other.Address);
            return order != 0 ? order : Order.CompareTo(other.Order);
        }
    }
}
