using System.Diagnostics.Tracing;
using Osprey.Tracing.Control;
using Osprey.Tracing.Sources;

namespace Osprey.Tracing;

/// <summary>Sources of events that a program has already, as tracepoints: each by one line.</summary>
/// <remarks>
/// Their tracepoints are called <c>SOURCE/EVENT</c>, and exist once the first event came; they are enabled as others
/// are. Unlike tracepoints of one's own they cost what the source costs, which allocates.
/// </remarks>
public static class TraceSources
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";

    /// <summary>Garbage collections, lock contention, and the thread pool's threads.</summary>
    private const EventKeywords RuntimeKeywords = (EventKeywords)(0x1 | 0x4000 | 0x1_0000);

    /// <summary>
    /// Records the events of event sources. Those that end in Start and Stop become a call and its return.
    /// </summary>
    /// <param name="names">Globs of the sources' names, separated by commas.</param>
    /// <param name="level">The least important events that are wanted.</param>
    /// <param name="keywords">The groups of events that are wanted.</param>
    /// <returns>Ends the recording when it is disposed of.</returns>
    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static IDisposable AddEventSource(
        string names,
        EventLevel level = EventLevel.Informational,
        EventKeywords keywords = EventKeywords.All
    ) => new EventSourceRecorder(NamePatterns.Parse(names), level, keywords);

    /// <summary>
    /// Records the runtime's events: garbage collections, contention of locks, threads of the pool. The runtime
    /// delivers them a little later; records have the time and the thread of the event.
    /// </summary>
    /// <returns>Ends the recording when it is disposed of.</returns>
    public static IDisposable AddRuntime() =>
        new EventSourceRecorder(name => name == Runtime, EventLevel.Informational, RuntimeKeywords);

    /// <summary>
    /// Records the spans of activity sources, as a call and its return. The thread of both is the span's own number,
    /// since a span may end on another thread than it began.
    /// </summary>
    /// <param name="names">Globs of the sources' names, separated by commas.</param>
    /// <returns>Ends the recording when it is disposed of.</returns>
    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static IDisposable AddActivitySource(string names) => new ActivityRecorder(NamePatterns.Parse(names));

    /// <summary>Records the measurements of meters' instruments, so that they can be counted and listed.</summary>
    /// <param name="names">Globs of the meters' names, separated by commas.</param>
    /// <returns>Ends the recording when it is disposed of.</returns>
    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static IDisposable AddMeter(string names) => new MeterRecorder(NamePatterns.Parse(names));
}
