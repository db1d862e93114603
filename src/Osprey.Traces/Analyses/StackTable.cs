using System.Numerics;

namespace Osprey.Traces.Analyses;

/// <summary>
/// Gives every distinct backtrace a number, so that its frames are resolved once however many samples share it.
/// </summary>
public sealed class StackTable
{
    private readonly List<(int Start, int Length)> _stacks = [];
    private ulong[] _frames = new ulong[1024];
    private int _frameCount;
    private int[] _slots = new int[1024]; // stack number + 1; 0 = free
    private ulong[] _hashes = new ulong[1024];

    /// <summary>The number of distinct backtraces.</summary>
    public int Count => _stacks.Count;

    /// <summary>The return addresses of a backtrace, innermost first.</summary>
    public ReadOnlySpan<ulong> this[int stack] => _frames.AsSpan(_stacks[stack].Start, _stacks[stack].Length);

    /// <summary>The number of a backtrace; a new one gets the next number.</summary>
    public int Intern(ReadOnlySpan<ulong> frames)
    {
        ulong hash = Hash(frames);
        int mask = _slots.Length - 1;
        int slot = unchecked((int)(hash >> 32)) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (_hashes[slot] == hash && this[_slots[slot] - 1].SequenceEqual(frames))
                return _slots[slot] - 1;
        }

        if (_frames.Length - _frameCount < frames.Length)
            Array.Resize(ref _frames, Math.Max(_frames.Length * 2, _frameCount + frames.Length));

        frames.CopyTo(_frames.AsSpan(_frameCount));
        _stacks.Add((_frameCount, frames.Length));
        _frameCount += frames.Length;
        _slots[slot] = _stacks.Count;
        _hashes[slot] = hash;
        if (_stacks.Count * 2 > _slots.Length)
            Grow();

        return _stacks.Count - 1;
    }

    private static ulong Hash(ReadOnlySpan<ulong> frames)
    {
        ulong hash = (ulong)frames.Length;
        unchecked
        {
            foreach (ulong frame in frames)
                hash = BitOperations.RotateLeft((hash ^ frame) * 0x9e3779b97f4a7c15, 29);
        }

        return hash;
    }

    private void Grow()
    {
        int[] slots = new int[_slots.Length * 2];
        ulong[] hashes = new ulong[slots.Length];
        int mask = slots.Length - 1;
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_slots[i] == 0)
                continue;

            int slot = unchecked((int)(_hashes[i] >> 32)) & mask;
            while (slots[slot] != 0)
                slot = (slot + 1) & mask;

            slots[slot] = _slots[i];
            hashes[slot] = _hashes[i];
        }

        _slots = slots;
        _hashes = hashes;
    }
}
