using System.Numerics;

namespace Osprey.Traces.Model;

/// <summary>The tracepoints of a trace, found by the key that samples carry.</summary>
public sealed class TracepointTable
{
    private readonly List<Tracepoint> _tracepoints = [];
    private ulong[] _slotKeys = new ulong[64];
    private int[] _slotIndexes = new int[64]; // index + 1; 0 = free

    /// <summary>The tracepoints in the order of the trace's dictionary.</summary>
    public IReadOnlyList<Tracepoint> All => _tracepoints;

    /// <summary>The number of tracepoints.</summary>
    public int Count => _tracepoints.Count;

    /// <summary>The tracepoint at <paramref name="index"/>.</summary>
    public Tracepoint this[int index] => _tracepoints[index];

    /// <summary>Adds a tracepoint. A second one with the same key takes over from then on.</summary>
    public Tracepoint Add(ulong key, ReadOnlySpan<byte> name, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> format)
    {
        var tracepoint = new Tracepoint(_tracepoints.Count, key, name, signature, format);
        _tracepoints.Add(tracepoint);
        if (_tracepoints.Count * 2 > _slotKeys.Length)
            Grow();

        Place(key, tracepoint.Index + 1);
        return tracepoint;
    }

    /// <summary>The index of the tracepoint with this key, or -1.</summary>
    public int IndexOf(ulong key)
    {
        ulong[] keys = _slotKeys;
        int mask = keys.Length - 1;
        for (int slot = SlotOf(key, mask); ; slot = (slot + 1) & mask)
        {
            int index = _slotIndexes[slot];
            if (index == 0 || keys[slot] == key)
                return index - 1;
        }
    }

    private static int SlotOf(ulong key, int mask) =>
        (int)(unchecked(key * 0x9e3779b97f4a7c15) >> (64 - BitOperations.PopCount((uint)mask)));

    private void Place(ulong key, int index)
    {
        int mask = _slotKeys.Length - 1;
        int slot = SlotOf(key, mask);
        while (_slotIndexes[slot] != 0 && _slotKeys[slot] != key)
            slot = (slot + 1) & mask;

        _slotKeys[slot] = key;
        _slotIndexes[slot] = index;
    }

    private void Grow()
    {
        int size = checked(_slotKeys.Length * 2);
        _slotKeys = new ulong[size];
        _slotIndexes = new int[size];
        foreach (Tracepoint tracepoint in _tracepoints)
            Place(tracepoint.Key, tracepoint.Index + 1);
    }
}
