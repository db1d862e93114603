using Osprey.Traces.Exports.Timeline;

namespace Osprey.Traces.Exports.Html;

/// <summary>Gathers the timeline of a page: the longest slices, and moments, of both a bounded number.</summary>
/// <remarks>
/// A page that a browser can draw has no room for millions of slices. When there are too many, the shorter ones are
/// dropped, and of moments every second one; how many were dropped is kept, and the page says so.
/// </remarks>
internal sealed class PageRows : ITimelineWriter
{
    private const int MaxSlices = 60_000;
    private const int MaxMoments = 60_000;

    private readonly List<PageSlice> _slices = [];
    private readonly List<PageMoment> _moments = [];
    private readonly OrderedDictionary<(int Process, int Thread), string> _rows = [];
    private readonly OrderedDictionary<string, int> _names = [];
    private ulong _shortest;
    private long _stride = 1;
    private long _momentCount;

    /// <inheritdoc/>
    public bool ShowsFlowsAndPackets => false;

    /// <inheritdoc/>
    public bool MayBeginTogether => true;

    /// <summary>The slices that are left.</summary>
    public IReadOnlyList<PageSlice> Slices => _slices;

    /// <summary>The moments that are left.</summary>
    public IReadOnlyList<PageMoment> Moments => _moments;

    /// <summary>The names of the rows, in the order in which they were first used.</summary>
    public IReadOnlyDictionary<(int Process, int Thread), string> Rows => _rows;

    /// <summary>The names of slices and moments, which they have by number.</summary>
    public IEnumerable<string> Names => _names.Keys;

    /// <summary>The number of slices that were dropped.</summary>
    public long DroppedSlices { get; private set; }

    /// <summary>The number of moments that were dropped.</summary>
    public long DroppedMoments => _momentCount - _moments.Count;

    /// <inheritdoc/>
    public void NameProcess(int process, string name) { }

    /// <inheritdoc/>
    public void NameThread(int process, int thread, string name) => _rows[(process, thread)] = name;

    /// <inheritdoc/>
    public void StartFlow(ulong flow) { }

    /// <inheritdoc/>
    public void EndFlow(ulong flow) { }

    /// <inheritdoc/>
    public void Slice(
        int process,
        int thread,
        ulong time,
        ulong duration,
        string name,
        params ReadOnlySpan<TimelineArgument> arguments
    )
    {
        int row = RowOf(process, thread);
        if (duration < _shortest)
        {
            DroppedSlices++;
            return;
        }

        _slices.Add(new PageSlice(row, time, duration, NameOf(name)));
        if (_slices.Count < 2 * MaxSlices)
            return;

        _slices.Sort((a, b) => b.Duration.CompareTo(a.Duration));
        _shortest = _slices[MaxSlices].Duration;
        DroppedSlices += _slices.Count - MaxSlices;
        _slices.RemoveRange(MaxSlices, _slices.Count - MaxSlices);
    }

    /// <inheritdoc/>
    public void Instant(
        int process,
        int thread,
        ulong time,
        string name,
        params ReadOnlySpan<TimelineArgument> arguments
    )
    {
        int row = RowOf(process, thread);
        if (_momentCount++ % _stride != 0)
            return;

        _moments.Add(new PageMoment(row, time, NameOf(name)));
        if (_moments.Count < MaxMoments)
            return;

        for (int i = 0; i < MaxMoments / 2; i++)
            _moments[i] = _moments[2 * i];

        _moments.RemoveRange(MaxMoments / 2, MaxMoments / 2);
        _stride *= 2;
    }

    /// <summary>Leaves counters out.</summary>
    public void Counter(int process, ulong time, string name, params ReadOnlySpan<TimelineArgument> series) { }

    /// <inheritdoc/>
    public void Complete() { }

    private int RowOf(int process, int thread)
    {
        int index = _rows.IndexOf((process, thread));
        if (index >= 0)
            return index;

        _rows.Add((process, thread), $"row {thread}");
        return _rows.Count - 1;
    }

    private int NameOf(string name)
    {
        if (!_names.TryGetValue(name, out int index))
            _names.Add(name, index = _names.Count);

        return index;
    }
}
