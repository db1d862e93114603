namespace Osprey.Guests.Osv.Threads;

/// <summary>
/// The threads in the queues that were read during one look at many threads: thousands of threads may wait for the same
/// object, and its queue is not walked for each of them.
/// </summary>
/// <remarks>
/// A queue counts as the same while its two ends are. Those who ask about a running guest check afterwards whether the
/// thread ran meanwhile.
/// </remarks>
internal sealed class OsvWaiterSets
{
    private readonly Dictionary<ulong, Entry> _entries = [];

    /// <summary>Tells whether a thread is in the queue at an address, as far as it was read already.</summary>
    /// <param name="queue">Address of the queue.</param>
    /// <param name="ends">The pointers to its two ends as they are now.</param>
    /// <param name="thread">Address of the thread.</param>
    /// <param name="isIn">True when the thread is in it.</param>
    /// <returns>False when the queue was not read yet, or is another one now.</returns>
    public bool TryGet(ulong queue, (ulong First, ulong Last) ends, ulong thread, out bool isIn)
    {
        bool isKnown = _entries.TryGetValue(queue, out Entry? entry) && entry.Ends == ends;
        isIn = isKnown && entry!.Threads.Contains(thread);
        return isKnown;
    }

    /// <summary>Keeps the threads of a queue.</summary>
    public void Add(ulong queue, (ulong First, ulong Last) ends, IEnumerable<ulong> threads) =>
        _entries[queue] = new Entry(ends, [.. threads]);

    private sealed record Entry((ulong First, ulong Last) Ends, HashSet<ulong> Threads);
}
