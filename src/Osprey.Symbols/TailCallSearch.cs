namespace Osprey.Symbols;

/// <summary>
/// The jumps of one search for tail calls: the way that is being tried, and what all ways so far share.
/// </summary>
/// <param name="callee">Run-time address of the function that is to be reached.</param>
internal sealed class TailCallSearch(ulong callee)
{
    private readonly HashSet<TailCall> _entered = [];
    private readonly List<TailCall> _way = [];
    private TailCall[]? _first;
    private int _shortest;
    private int _beginning;
    private int _end;

    /// <summary>Run-time address of the function that is to be reached.</summary>
    public ulong Callee => callee;

    /// <summary>The number of jumps that were tried.</summary>
    public int Count { get; private set; }

    /// <summary>The jumps that are certain, the innermost first.</summary>
    public IReadOnlyList<TailCall> Result
    {
        get
        {
            if (_first is null)
                return [];

            int end = Math.Min(_end, _shortest - _beginning);
            return [.. _first[^end..].Reverse(), .. _first[.._beginning].Reverse()];
        }
    }

    /// <summary>Takes a jump into the way.</summary>
    /// <returns>False when the way has it already.</returns>
    public bool Enter(TailCall jump)
    {
        if (!_entered.Add(jump))
            return false;

        Count++;
        _way.Add(jump);
        return true;
    }

    /// <summary>Takes the last jump out of the way.</summary>
    public void Leave()
    {
        _entered.Remove(_way[^1]);
        _way.RemoveAt(_way.Count - 1);
    }

    /// <summary>Notes that the way reaches the function.</summary>
    /// <returns>False when the ways so far have nothing in common.</returns>
    public bool Accept()
    {
        if (_first is null)
        {
            _first = [.. _way];
            _shortest = _beginning = _end = _way.Count;
        }

        _shortest = Math.Min(_shortest, _way.Count);
        int beginning = 0;
        while (beginning < Math.Min(_beginning, _way.Count) && _first[beginning] == _way[beginning])
            beginning++;

        int end = 0;
        while (end < Math.Min(_end, _way.Count) && _first[^(end + 1)] == _way[^(end + 1)])
            end++;

        (_beginning, _end) = (beginning, end);
        return beginning + end > 0;
    }
}
