using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Diagnostics.Tracing;

namespace Osprey.Tracing.Backtraces;

/// <summary>Listens to the runtime's events of tasks, to know which async method awaits which.</summary>
/// <remarks>
/// <para>
/// They are those of System.Threading.Tasks.TplEventSource, which profilers and debuggers rest on. The runtime tells of
/// each async method that waits for the first time, of each await which task it waits for and which one it goes on
/// with, of each that a thread resumes and leaves, and of its end. It tells so on the thread itself, in the middle of
/// what it tells of.
/// </para>
/// <para>
/// Other ways were weighed. The continuations of a task are private members, whose names may change with any update,
/// and which task a thread has resumed is in no member at all. A builder of one's own for async methods must be named
/// by an attribute at each of them. An AsyncLocal is shared by a method and those that it calls.
/// </para>
/// </remarks>
internal sealed class TaskEvents(int generation) : EventListener
{
    private const string SourceName = "System.Threading.Tasks.TplEventSource";

    // TaskTransfer, AsyncCausalityOperation, AsyncCausalitySynchronousWork
    private const EventKeywords Keywords = (EventKeywords)(0x1 | 0x8 | 0x20);
    private const int WaitBegin = 10;
    private const int OperationBegin = 14;
    private const int OperationEnd = 15;
    private const int WorkBegin = 17;
    private const int WorkEnd = 18;
    private const int Execution = 2; // the task's own code, not that of those who wait for its end
    private const int SiteLength = 12;
    private const int MostCalls = 1 << 20;

    private readonly ConcurrentDictionary<int, AsyncCall> _calls = [];
    private EventSource? _source;
    private int _count;

    /// <summary>Begins to listen.</summary>
    /// <returns>False when the runtime has no such events.</returns>
    public bool Begin()
    {
        // The runtime makes the source when it first needs it: for a task, on the thread that starts it.
        if (_source is null)
            _ = Task.Run(static () => { });
        if (_source is null)
            return false;

        EnableEvents(_source, EventLevel.Informational, Keywords);
        return true;
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        // It is called before this class's own constructor, where nothing may begin yet.
        if (eventSource.Name == SourceName)
            _source = eventSource;
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        ReadOnlyCollection<object?>? payload = eventData.Payload;
        switch (eventData.EventId)
        {
            case WorkBegin:
                ResumedMethods.Begin(generation, payload is [int resumed, Execution, ..] ? Find(resumed) : null);
                break;
            case WorkEnd:
                ResumedMethods.End(generation);
                break;
            case OperationBegin when payload is [int begun, string operation, ..]:
                Span<ulong> addresses = stackalloc ulong[SiteLength];
                int count = FrameWalk.Follow(stackalloc ulong[SiteLength], addresses);
                Add(begun, new AsyncCall(AsyncPlaces.Get(operation, addresses[..count])));
                break;
            case OperationEnd when payload is [int ended, ..] && _calls.TryRemove(ended, out _):
                Interlocked.Decrement(ref _count);
                break;
            // Scheduler, current task, task that is awaited, kind of wait, task that goes on then: 0 if not known.
            case WaitBegin when payload is [_, _, int awaited, _, int awaiter and not 0, ..]:
                if (Find(awaited) is { } call)
                    Volatile.Write(ref call.Awaiter, Find(awaiter));
                break;
        }
    }

    private AsyncCall? Find(int id) => _calls.GetValueOrDefault(id);

    private void Add(int id, AsyncCall call)
    {
        // Tasks that are never completed stay; more than so many are not followed.
        if (Volatile.Read(ref _count) < MostCalls && _calls.TryAdd(id, call))
            Interlocked.Increment(ref _count);
    }
}
