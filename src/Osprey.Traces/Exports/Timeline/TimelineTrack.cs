namespace Osprey.Traces.Exports.Timeline;

/// <summary>A thread, or what a CPU does, in a trace viewer: one row of slices, or several when they cross.</summary>
/// <param name="process">The viewer's number of the process.</param>
/// <param name="allocate">Gives the next free number of a thread in that process.</param>
/// <param name="mayBeginTogether">See <see cref="ITimelineWriter.MayBeginTogether"/>.</param>
internal sealed class TimelineTrack(int process, Func<int> allocate, bool mayBeginTogether)
{
    private readonly SliceLanes _lanes = new(mayBeginTogether);
    private readonly List<int> _numbers = [allocate()];
    private int _openCount;

    /// <summary>The viewer's number of the process.</summary>
    public int Process => process;

    /// <summary>The viewer's number of the first row.</summary>
    public int Number => _numbers[0];

    /// <summary>The name of the rows.</summary>
    public string Name { get; set; } = "";

    /// <summary>Notes that a slice has begun.</summary>
    public void Open() => _openCount++;

    /// <summary>Notes that a slice that had begun was written or given up.</summary>
    public void Close()
    {
        if (--_openCount == 0)
            _lanes.Clear();
    }

    /// <summary>The number of the row where a slice fits.</summary>
    public int Place(ulong begin, ulong end)
    {
        int lane = _lanes.Place(begin, end);
        while (_numbers.Count <= lane)
            _numbers.Add(allocate());

        return _numbers[lane];
    }

    /// <summary>Writes the names of the rows.</summary>
    public void WriteNames(ITimelineWriter writer)
    {
        for (int lane = 0; lane < _numbers.Count; lane++)
            writer.NameThread(process, _numbers[lane], lane == 0 ? Name : $"{Name} (overlapping {lane + 1})");
    }
}
