using System.Buffers.Binary;
using System.Text;

namespace Osprey.Traces.Analyses.Profiles;

/// <summary>The samples of one tree, gathered by backtrace.</summary>
public sealed class ProfileGroup(ulong key, bool isThread)
{
    private readonly List<ProfileEntry> _entries = [];

    /// <summary>The thread's address or the CPU's number; 0 when nothing is grouped.</summary>
    public ulong Key { get; } = key;

    /// <summary>The name that the thread had in its last sample; null when not grouped by thread.</summary>
    public string? ThreadName => ThreadNameIn(_entries);

    /// <summary>One entry a distinct backtrace, in the order in which they were first met.</summary>
    public IReadOnlyList<ProfileEntry> Entries => _entries;

    /// <summary>The thread or the CPU as a frame of its own; null when there is but one group.</summary>
    internal string? Describe(ProfileGrouping grouping) =>
        grouping switch
        {
            ProfileGrouping.Thread => $"{ThreadName} 0x{Key:x}".TrimStart(),
            ProfileGrouping.Cpu => Key == uint.MaxValue ? "no CPU" : $"CPU {Key}",
            _ => null,
        };

    /// <summary>
    /// The name that the thread had in the last sample of some entries; null when not grouped by thread.
    /// </summary>
    internal string? ThreadNameIn(IEnumerable<ProfileEntry> entries)
    {
        if (!isThread)
            return null;

        Span<byte> name = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(name, entries.MaxBy(entry => entry.LastHit).ThreadName);
        return Encoding.UTF8.GetString(name.TrimEnd((byte)0));
    }

    internal int Add(ProfileEntry entry)
    {
        _entries.Add(entry);
        return _entries.Count - 1;
    }

    internal void Hit(int index, Duration duration, UInt128 threadName, long sequence)
    {
        ProfileEntry entry = _entries[index];
        _entries[index] = entry with
        {
            Hits = entry.Hits + 1,
            Duration = entry.Duration + duration,
            ThreadName = threadName,
            LastHit = sequence,
        };
    }
}
