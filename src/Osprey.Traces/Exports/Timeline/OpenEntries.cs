namespace Osprey.Traces.Exports.Timeline;

/// <summary>
/// The entries that wait for their exits, by tracepoint and age; of each tracepoint a bounded number.
/// </summary>
/// <remarks>
/// A trace need not have recorded a tracepoint's exits at all. Such entries are found out by their number: the oldest
/// is given up when there are more of one tracepoint than threads could have open.
/// </remarks>
internal sealed class OpenEntries(int tracepointCount)
{
#if DEBUG
    private const int MaxOpen = 64;
#else
    private const int MaxOpen = 16 * 1024;
#endif

    private readonly LinkedList<OpenEntry>?[] _entries = new LinkedList<OpenEntry>?[tracepointCount];
    private readonly Dictionary<OpenEntry, LinkedListNode<OpenEntry>> _nodes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds an entry.</summary>
    /// <returns>The entry that is given up for it; null as a rule.</returns>
    public OpenEntry? Add(OpenEntry entry)
    {
        entry.Track.Open();
        LinkedList<OpenEntry> list = _entries[entry.Sample.Sample.Tracepoint] ??= new LinkedList<OpenEntry>();
        _nodes.Add(entry, list.AddLast(entry));
        if (list.Count <= MaxOpen)
            return null;

        OpenEntry oldest = list.First!.Value;
        Remove(oldest);
        return oldest;
    }

    /// <summary>Takes an entry out.</summary>
    /// <returns>False when it was given up before.</returns>
    public bool Remove(OpenEntry entry)
    {
        if (!_nodes.Remove(entry, out LinkedListNode<OpenEntry>? node))
            return false;

        node.List!.Remove(node);
        entry.Track.Close();
        return true;
    }

    /// <summary>Those that are left, by tracepoint and age.</summary>
    public IEnumerable<OpenEntry> All => _entries.Where(list => list is not null).SelectMany(list => list!);
}
