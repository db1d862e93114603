namespace Osprey.Traces.Analyses.Profiles;

/// <summary>The samples of one tree, gathered by backtrace.</summary>
public sealed class ProfileGroup(ulong key)
{
    private readonly List<ProfileEntry> _entries = [];

    /// <summary>The thread's address or the CPU's number; 0 when nothing is grouped.</summary>
    public ulong Key { get; } = key;

    /// <summary>The name that the thread had in its last sample; null when not grouped by thread.</summary>
    public string? ThreadName { get; internal set; }

    /// <summary>One entry a distinct backtrace, in the order in which they were first met.</summary>
    public IReadOnlyList<ProfileEntry> Entries => _entries;

    internal int Add(ProfileEntry entry)
    {
        _entries.Add(entry);
        return _entries.Count - 1;
    }

    internal void Hit(int index, Duration duration)
    {
        ProfileEntry entry = _entries[index];
        _entries[index] = entry with { Hits = entry.Hits + 1, Duration = entry.Duration + duration };
    }
}
