using Osprey.Traces.Exports.Protobuf;
using Osprey.Traces.Exports.Timeline;

namespace Osprey.Traces.Exports.Perfetto;

/// <summary>Writes events as Perfetto's own traces: a stream of TracePacket messages with TrackEvents.</summary>
/// <remarks>
/// <para>
/// The schema is that of protos/perfetto/trace in https://github.com/google/perfetto. Rows are tracks with numbers of
/// ours, the counters' too; a track is described when it is first used and once more when its name is known. A packet
/// has one event, with its time in nanoseconds. All are of one sequence, in which names of events and texts of stacks
/// are written once and then meant by number.
/// </para>
/// <para>
/// A slice is a begin and an end with times of their own. Perfetto sorts by time and keeps the order of the file for
/// equal times. Slices are written as they end, the inner one first, so an inner slice that begins with its outer one
/// would be taken for the outer one: such slices go to rows of their own (<see cref="MayBeginTogether"/>).
/// </para>
/// </remarks>
internal sealed class PerfettoTraceWriter(Stream output) : ITimelineWriter
{
    private const ulong Sequence = 1;
    private const int FlushSize = 64 * 1024;

    /// <summary>Texts of stacks that are meant by number, at most; others are written out.</summary>
    private const int MaxTexts = 100_000;

    private readonly ProtobufMessage _trace = new();
    private readonly ProtobufMessage _packet = new();
    private readonly ProtobufMessage _event = new();
    private readonly ProtobufMessage _part = new();
    private readonly ProtobufMessage _entry = new();
    private readonly ProtobufMessage _interned = new();
    private readonly Dictionary<string, ulong> _names = [];
    private readonly Dictionary<string, ulong> _keys = [];
    private readonly Dictionary<string, ulong> _texts = [];
    private readonly Dictionary<(int Process, int Thread), ulong> _rows = [];
    private readonly Dictionary<(int Process, string Counter), ulong> _counters = [];
    private readonly HashSet<int> _processes = [];
    private ulong _flow;
    private bool _flowEnds;
    private bool _hasInterned;
    private bool _hasPackets;

    private enum EventType
    {
        SliceBegin = 1,
        SliceEnd = 2,
        Instant = 3,
        Counter = 4,
    }

    /// <inheritdoc/>
    public bool ShowsFlowsAndPackets => true;

    /// <inheritdoc/>
    public bool MayBeginTogether => false;

    /// <inheritdoc/>
    public void NameProcess(int process, string name)
    {
        _processes.Add(process);
        _entry.Clear();
        _entry.AddSigned(1, process); // ProcessDescriptor.pid
        _entry.Add(6, name); // process_name
        _part.Clear();
        _part.Add(1, ProcessTrack(process)); // TrackDescriptor.uuid
        _part.Add(3, _entry); // process
        WriteDescriptor();
    }

    /// <inheritdoc/>
    public void NameThread(int process, int thread, string name) =>
        Describe(process, RowTrack(process, thread), name, thread, isCounter: false);

    /// <inheritdoc/>
    public void StartFlow(ulong flow) => (_flow, _flowEnds) = (flow, false);

    /// <inheritdoc/>
    public void EndFlow(ulong flow) => (_flow, _flowEnds) = (flow, true);

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
        ulong track = RowTrack(process, thread);
        StartEvent(EventType.SliceBegin, track);
        NameEvent(name);
        AddArguments(arguments);
        Write(time);
        StartEvent(EventType.SliceEnd, track);
        Write(time + duration);
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
        StartEvent(EventType.Instant, RowTrack(process, thread));
        NameEvent(name);
        AddArguments(arguments);
        Write(time);
    }

    /// <inheritdoc/>
    public void Counter(int process, ulong time, string name, params ReadOnlySpan<TimelineArgument> series)
    {
        if (!_counters.TryGetValue((process, name), out ulong track))
        {
            track = NewTrack();
            _counters.Add((process, name), track);
            Describe(process, track, name, order: null, isCounter: true);
        }

        StartEvent(EventType.Counter, track);
        _event.AddSigned(30, series[0].Number); // counter_value
        Write(time);
    }

    /// <inheritdoc/>
    public void Complete()
    {
        output.Write(_trace.Written);
        output.Flush();
        _trace.Clear();
    }

    private static ulong ProcessTrack(int process) => (ulong)process;

    private ulong NewTrack() => 1000 + (ulong)(_rows.Count + _counters.Count);

    private ulong RowTrack(int process, int thread)
    {
        if (!_rows.TryGetValue((process, thread), out ulong track))
        {
            track = NewTrack();
            _rows.Add((process, thread), track);
            Describe(process, track, $"row {thread}", thread, isCounter: false);
        }

        return track;
    }

    private void Describe(int process, ulong track, string name, int? order, bool isCounter)
    {
        if (_processes.Add(process))
            NameProcess(process, $"process {process}");

        _part.Clear();
        _part.Add(1, track); // TrackDescriptor.uuid
        _part.Add(5, ProcessTrack(process)); // parent_uuid
        _part.Add(2, name); // name
        _part.Add(15, 2); // sibling_merge_behavior: none, for two threads may have one name
        if (order is int rank)
            _part.AddSigned(12, rank); // sibling_order_rank

        if (isCounter)
        {
            _entry.Clear();
            _part.Add(8, _entry); // counter
        }

        WriteDescriptor();
    }

    private void WriteDescriptor()
    {
        _packet.Clear();
        _packet.Add(60, _part); // TracePacket.track_descriptor
        WritePacket();
    }

    private void StartEvent(EventType type, ulong track)
    {
        _event.Clear();
        _event.Add(9, (ulong)type); // TrackEvent.type
        _event.Add(11, track); // track_uuid
        if (_flow == 0)
            return;

        _event.AddFixed(_flowEnds ? 48 : 47, _flow); // terminating_flow_ids, flow_ids
        _flow = 0;
    }

    /// <summary>Names an event: names of tracepoints and threads are few, those of packets are many.</summary>
    private void NameEvent(string name)
    {
        if (Intern(_names, 2, name) is > 0 and ulong number) // InternedData.event_names
            _event.Add(10, number); // name_iid
        else
            _event.Add(23, name); // name
    }

    private void AddArguments(ReadOnlySpan<TimelineArgument> arguments)
    {
        foreach (TimelineArgument argument in arguments)
        {
            _part.Clear();
            ulong key = Intern(_keys, 3, argument.Name); // InternedData.debug_annotation_names
            _part.Add(1, key); // DebugAnnotation.name_iid
            if (argument.Text is null)
                _part.AddSigned(4, argument.Number); // int_value
            else if (argument.Name == "stack" && Intern(_texts, 29, argument.Text) is > 0 and ulong text)
                _part.Add(17, text); // string_value_iid
            else
                _part.Add(6, argument.Text); // string_value

            _event.Add(4, _part); // debug_annotations
        }
    }

    /// <summary>The number of a text; 0 when there are too many.</summary>
    private ulong Intern(Dictionary<string, ulong> numbers, int field, string text)
    {
        if (numbers.TryGetValue(text, out ulong number))
            return number;

        if (numbers.Count >= MaxTexts)
            return 0;

        number = (ulong)numbers.Count + 1;
        numbers.Add(text, number);
        _entry.Clear();
        _entry.Add(1, number); // iid
        _entry.Add(2, text); // name, or str
        if (!_hasInterned)
            _interned.Clear();

        _interned.Add(field, _entry);
        _hasInterned = true;
        return number;
    }

    private void Write(ulong time)
    {
        _packet.Clear();
        _packet.Add(8, time); // TracePacket.timestamp
        _packet.Add(11, _event); // track_event
        if (_hasInterned)
            _packet.Add(12, _interned); // interned_data

        _hasInterned = false;
        WritePacket();
    }

    private void WritePacket()
    {
        _packet.Add(10, Sequence); // trusted_packet_sequence_id
        _packet.Add(13, _hasPackets ? 2u : 3u); // sequence_flags: needs state, which the first packet clears
        _hasPackets = true;
        _trace.Add(1, _packet); // Trace.packet
        if (_trace.Written.Length < FlushSize)
            return;

        output.Write(_trace.Written);
        _trace.Clear();
    }
}
