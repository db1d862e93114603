using Osprey.Traces.Model;

namespace Osprey.Session.Traces.Rings.Top;

/// <summary>Keeps the slowest of the calls that it is told of; copies are used again.</summary>
/// <param name="most">The number of calls that are kept.</param>
internal sealed class SlowCalls(int most)
{
    private readonly PriorityQueue<Kept, ulong> _kept = new();
    private readonly Stack<Kept> _spare = [];

    /// <summary>Keeps a call if it is among the slowest so far.</summary>
    public void Add(in TraceEvent entry, in TraceEvent exit, ulong duration)
    {
        if (_kept.Count >= most)
        {
            if (!_kept.TryPeek(out _, out ulong least) || duration <= least)
                return;

            _spare.Push(_kept.Dequeue());
        }

        if (_spare.TryPop(out Kept? kept))
        {
            kept.Entry.Set(entry);
            kept.Exit.Set(exit);
        }
        else
        {
            kept = new Kept(new SampleCopy(entry), new SampleCopy(exit));
        }

        _kept.Enqueue(kept, duration);
    }

    /// <summary>Takes all calls out, the slowest first.</summary>
    public List<TResult> TakeAll<TResult>(Maker<TResult> make)
    {
        var results = new List<TResult>();
        while (_kept.TryDequeue(out Kept? kept, out ulong duration))
        {
            results.Add(make(kept.Entry.Sample, kept.Exit.Sample, duration));
            _spare.Push(kept);
        }

        results.Reverse();
        return results;
    }

    /// <summary>Makes something of a call.</summary>
    public delegate TResult Maker<TResult>(in TraceEvent entry, in TraceEvent exit, ulong duration);

    private sealed record Kept(SampleCopy Entry, SampleCopy Exit);
}
