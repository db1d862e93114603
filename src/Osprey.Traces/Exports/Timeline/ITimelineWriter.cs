namespace Osprey.Traces.Exports.Timeline;

/// <summary>Writes what a <see cref="TimelineExport"/> finds in the form of one viewer.</summary>
/// <remarks>
/// Rows are numbered by the caller and named at the end, when all names are known. Slices come in the order in which
/// they end; those of one row lie apart or within one another.
/// </remarks>
internal interface ITimelineWriter
{
    /// <summary>
    /// Tells whether the viewer shows wake-ups, as arrows, and packets; otherwise none are handed over.
    /// </summary>
    bool ShowsFlowsAndPackets { get; }

    /// <summary>
    /// Tells whether two slices of one row may begin at the same time, when one lies within the other.
    /// </summary>
    bool MayBeginTogether { get; }

    /// <summary>Names a process.</summary>
    void NameProcess(int process, string name);

    /// <summary>Names a row of a process.</summary>
    void NameThread(int process, int thread, string name);

    /// <summary>Has an arrow with this number begin at the event that is written next.</summary>
    void StartFlow(ulong flow);

    /// <summary>Has an arrow with this number end at the event that is written next.</summary>
    void EndFlow(ulong flow);

    /// <summary>Writes what lasted from one time to another.</summary>
    void Slice(
        int process,
        int thread,
        ulong time,
        ulong duration,
        string name,
        params ReadOnlySpan<TimelineArgument> arguments
    );

    /// <summary>Writes what happened at one time.</summary>
    void Instant(int process, int thread, ulong time, string name, params ReadOnlySpan<TimelineArgument> arguments);

    /// <summary>Sets a counter of a process; each argument is one of its series.</summary>
    void Counter(int process, ulong time, string name, params ReadOnlySpan<TimelineArgument> series);

    /// <summary>Ends the file.</summary>
    void Complete();
}
