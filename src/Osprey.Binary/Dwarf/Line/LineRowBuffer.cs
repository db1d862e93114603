using Osprey.Binary.Elf;

namespace Osprey.Binary.Dwarf.Line;

/// <summary>Collects rows, and groups them into sequences.</summary>
internal sealed class LineRowBuffer(ParseLimits limits, CodeMap code)
{
    private ulong[] _addresses = new ulong[256];
    private int[] _files = new int[256];
    private int[] _lines = new int[256];
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
        if (_count == _addresses.Length)
        {
            if (_count >= limits.MaxLineRows)
                reader.ThrowBad($"more than {limits.MaxLineRows} rows in one line table");

            int size = Math.Min(_count * 2, limits.MaxLineRows);
            Array.Resize(ref _addresses, size);
            Array.Resize(ref _files, size);
            Array.Resize(ref _lines, size);
        }

        _isSorted &= _count == _sequenceStart || address >= _addresses[_count - 1];
        _addresses[_count] = address;
        _files[_count] = file;
        _lines[_count] = line;
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

        if (rows > 0 && _addresses[_sequenceStart] < high && code.Contains(_addresses[_sequenceStart]))
        {
            _areSequencesSorted &= _sequences.Count == 0 || _sequences[_sequences.Count - 1].High <= high;
            _sequences.Add(new LineSequence(high, _addresses[_sequenceStart], _sequenceStart, rows));
        }
        else
        {
            _count = _sequenceStart;
        }

        _sequenceStart = _count;
        _isSorted = true;
    }

    /// <summary>Returns the columns of all rows that belong to a sequence.</summary>
    public (ulong[] Addresses, int[] Files, int[] Lines) ToArrays() =>
        (_addresses[.._sequenceStart], _files[.._sequenceStart], _lines[.._sequenceStart]);

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
            sorted[i] = new UnsortedRow(_addresses[from], i, _files[from], _lines[from]);
        }

        StableSort.Sort(sorted);
        for (int i = 0; i < rows; i++)
        {
            int to = _sequenceStart + i;
            _addresses[to] = sorted[i].Address;
            _files[to] = sorted[i].File;
            _lines[to] = sorted[i].Line;
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
