namespace Osprey.Target.Backends.CoreFile.Kdump;

/// <summary>
/// The pieces of a flattened file by their places in the file that is meant; later pieces replace earlier ones.
/// </summary>
internal sealed class FlattenedPieces
{
    private readonly List<Piece> _pieces = [];

    public int Count => _pieces.Count;

    /// <summary>The size of the meant file.</summary>
    public long End { get; private set; }

    public void Add(long offset, long size, long at)
    {
        _pieces.Add(new Piece(offset, size, at));
        End = Math.Max(End, offset + size);
    }

    /// <summary>Puts the pieces in order; to be called once, behind the last one added.</summary>
    public void Sort()
    {
        // The place in the file tells which came later.
        _pieces.Sort((a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.At.CompareTo(b.At));
        for (int i = 1; i < _pieces.Count; i++)
        {
            if (_pieces[i - 1].End > _pieces[i].Offset)
            {
                ResolveOverlaps();
                return;
            }
        }
    }

    /// <summary>Finds the piece that holds an offset of the meant file.</summary>
    /// <param name="offset">The offset, below <see cref="End"/>.</param>
    /// <param name="at">Its place; -1 where no piece has it.</param>
    /// <returns>How many bytes from there on the answer is good for.</returns>
    public long Find(long offset, out long at)
    {
        int low = 0;
        int high = _pieces.Count;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (_pieces[middle].Offset <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        if (low > 0 && offset < _pieces[low - 1].End)
        {
            Piece piece = _pieces[low - 1];
            at = piece.At + (offset - piece.Offset);
            return piece.End - offset;
        }

        at = -1;
        return (low < _pieces.Count ? _pieces[low].Offset : End) - offset;
    }

    /// <summary>Sweeps over the pieces with a heap of those under way, latest first.</summary>
    private void ResolveOverlaps()
    {
        var result = new List<Piece>(_pieces.Count);
        var active = new PriorityQueue<Piece, long>();
        long position = 0;
        int next = 0;
        while (next < _pieces.Count || active.Count > 0)
        {
            while (active.Count > 0 && active.Peek().End <= position)
                active.Dequeue();

            if (active.Count == 0)
            {
                if (next == _pieces.Count)
                    break;

                position = Math.Max(position, _pieces[next].Offset);
            }

            for (; next < _pieces.Count && _pieces[next].Offset <= position; next++)
                active.Enqueue(_pieces[next], -_pieces[next].At);

            if (active.Count == 0 || active.Peek().End <= position)
                continue;

            Piece top = active.Peek();
            long end = next < _pieces.Count ? Math.Min(top.End, _pieces[next].Offset) : top.End;
            result.Add(new Piece(position, end - position, top.At + (position - top.Offset)));
            position = end;
        }

        _pieces.Clear();
        _pieces.AddRange(result);
    }

    private readonly record struct Piece(long Offset, long Size, long At)
    {
        public long End => Offset + Size;
    }
}
