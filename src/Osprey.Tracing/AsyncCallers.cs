using Osprey.Tracing.Backtraces;

namespace Osprey.Tracing;

/// <summary>Adds to backtraces the async methods that await the one which reached the tracepoint.</summary>
/// <remarks>
/// An async method that was resumed has no callers on its thread's stack. While this is on, its backtraces have those
/// who await it in place of the frames of the thread pool, with names that begin with <c>[async]</c>. The runtime's
/// own events of tasks tell who awaits whom, which costs every await of the program a few microseconds: it is for a
/// while of looking. The environment turns it on with the program: <c>OSPREY_TRACE_ASYNC=1</c>.
/// </remarks>
public static class AsyncCallers
{
    private const string EventSourceSwitch = "System.Diagnostics.Tracing.EventSource.IsSupported";

    private static readonly Lock s_lock = new();
    private static TaskEvents? s_events;
    private static int s_generation;

    /// <summary>Whether backtraces have logical callers.</summary>
    public static bool IsOn => Volatile.Read(ref s_events) is not null;

    /// <summary>The methods that this thread has resumed; null when there are none, or while this is off.</summary>
    internal static ResumedMethods? Resumed => IsOn ? ResumedMethods.GetCurrent(Volatile.Read(ref s_generation)) : null;

    /// <summary>Begins to follow who awaits whom. Calls that wait already are not known.</summary>
    /// <exception cref="NotSupportedException">
    /// The program or its runtime has no such events; the message says why.
    /// </exception>
    public static void Start()
    {
        lock (s_lock)
        {
            if (s_events is not null)
                return;
            if (AppContext.TryGetSwitch(EventSourceSwitch, out bool hasEvents) && !hasEvents)
            {
                throw new NotSupportedException(
                    "Who awaits whom is not known: the program was built without EventSource (EventSourceSupport)"
                );
            }

            if (!FrameWalk.IsAvailable)
                throw new NotSupportedException("Who awaits whom is not known where there are no backtraces");

            var events = new TaskEvents(++s_generation);
            if (!events.Begin())
            {
                events.Dispose();
                throw new NotSupportedException("Who awaits whom is not known: the runtime has no events of tasks");
            }

            Volatile.Write(ref s_events, events);
        }
    }

    /// <summary>Ends it; records that were written keep their logical callers.</summary>
    public static void Stop()
    {
        lock (s_lock)
        {
            s_events?.Dispose();
            Volatile.Write(ref s_events, null);
        }
    }
}
