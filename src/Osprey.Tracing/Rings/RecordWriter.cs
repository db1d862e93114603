using System.Runtime.CompilerServices;
using Osprey.Tracing.Arguments;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Rings;

/// <summary>One record on its way into a ring, which its writer owns until <see cref="End"/>.</summary>
/// <remarks>
/// The order of the stores is the kernel's, so that a reader may look at any moment: the place is marked as incomplete,
/// then the ring's end moves behind it, then the record is filled, and the tracepoint is stored last.
/// </remarks>
internal unsafe ref struct RecordWriter
{
    private TracepointDescriptor* _tracepoint;
    private RingDescriptor* _ring;
    private byte* _record;
    private byte* _payload;
    private ulong _position;
    private int _offset;

    /// <summary>Counts a hit and, where records are wanted, begins one.</summary>
    /// <param name="tracepoint">The tracepoint that was hit.</param>
    /// <param name="payloadSize">The size of the arguments.</param>
    /// <param name="writer">The record.</param>
    /// <returns>False when there is nothing to write.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryBegin(TracepointDescriptor* tracepoint, int payloadSize, out RecordWriter writer)
    {
        unchecked
        {
            writer = default;
            int cpu = Thread.GetCurrentProcessorId();
            if (tracepoint->Counting != 0)
                Interlocked.Increment(ref *HitCounters.Slot(tracepoint, cpu));
            if (tracepoint->Logging == 0)
                return false;

            bool backtrace = tracepoint->Backtrace != 0;
            int headers = backtrace ? RecordLayout.HeaderSize + RecordLayout.BacktraceSize : RecordLayout.HeaderSize;
            int size = RecordLayout.Round(headers + payloadSize);
            int pageSize = TraceRings.PageSize;
            if (size > pageSize)
            {
                TraceRings.Drop();
                return false;
            }

            ThreadFacts* thread = ThreadFactsOwner.Get();
            RingDescriptor* ring = TraceRings.TryOwn(cpu);
            if (ring == null)
                return false;

            ulong position = Reserve(ring, (ulong)size, (ulong)pageSize);
            byte* record = ring->Base + (position & (ring->Size - 1));
            var words = (ulong*)record;
            words[1] = thread->Id;
            words[2] = thread->NameStart;
            words[3] = thread->NameEnd;
            words[4] = Order(ring, TraceClock.Read());
            words[5] = (uint)cpu | (backtrace ? 1UL << 32 : 0);
            if (backtrace)
                Backtraces.FrameWalk.Collect(words + 6, thread->StackEnd, AsyncCallers.Resumed);

            writer._tracepoint = tracepoint;
            writer._ring = ring;
            writer._record = record;
            writer._payload = record + headers;
            writer._position = position;
            return true;
        }
    }

    /// <summary>Begins a record of something that happened a little while ago.</summary>
    /// <param name="tracepoint">The tracepoint.</param>
    /// <param name="payloadSize">The size of the arguments.</param>
    /// <param name="ring">A ring for such records.</param>
    /// <param name="moment">When and where it happened.</param>
    /// <param name="writer">The record.</param>
    /// <returns>False when there is nothing to write.</returns>
    public static bool TryBeginLate(
        TracepointDescriptor* tracepoint,
        int payloadSize,
        RingDescriptor* ring,
        in LateMoment moment,
        out RecordWriter writer
    )
    {
        unchecked
        {
            writer = default;
            if (tracepoint->Counting != 0)
                Interlocked.Increment(ref *HitCounters.Slot(tracepoint, Math.Max(moment.Cpu, 0)));
            if (tracepoint->Logging == 0)
                return false;

            bool backtrace = !moment.Backtrace.IsEmpty;
            int headers = backtrace ? RecordLayout.HeaderSize + RecordLayout.BacktraceSize : RecordLayout.HeaderSize;
            int size = RecordLayout.Round(headers + payloadSize);
            if (size > TraceRings.PageSize || !TraceRings.OwnToRead(ring))
            {
                TraceRings.Drop();
                return false;
            }

            ulong position = Reserve(ring, (ulong)size, (ulong)TraceRings.PageSize);
            byte* record = ring->Base + (position & (ring->Size - 1));
            var words = (ulong*)record;
            words[1] = moment.Thread;
            words[2] = moment.NameStart;
            words[3] = moment.NameEnd;
            words[4] = Order(ring, (ulong)moment.Time);
            words[5] = (uint)moment.Cpu | (backtrace ? 1UL << 32 : 0);
            if (backtrace)
            {
                var places = new Span<ulong>(words + 6, RecordLayout.BacktraceLength);
                places.Clear();
                moment.Backtrace[..Math.Min(moment.Backtrace.Length, places.Length)].CopyTo(places);
            }

            writer._tracepoint = tracepoint;
            writer._ring = ring;
            writer._record = record;
            writer._payload = record + headers;
            writer._position = position;
            return true;
        }
    }

    /// <summary>Gives the record another thread than the one that writes it.</summary>
    public readonly void SetThread(ulong thread) => ((ulong*)_record)[1] = thread;

    /// <summary>Writes the next argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put<T>(T value)
        where T : allows ref struct => _offset = ArgumentWriter<T>.Write(_payload, _offset, value);

    /// <summary>Completes the record and lets the ring go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void End()
    {
        unchecked
        {
            RingDescriptor* ring = _ring;
            Volatile.Write(ref *(ulong*)_record, (ulong)_tracepoint);
            ring->PageRecords[(_position & (ring->Size - 1)) >> TraceRings.PageShift]++;
            ring->Written++;
            TraceRings.Release(ring);
            if (Live.RecordLog.IsOn)
                Live.RecordLog.Add(ring->Index, _position);
        }
    }

    /// <summary>Sees to it that a ring is sorted by time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Order(RingDescriptor* ring, ulong time)
    {
        time = Math.Max(time, ring->NewestTime);
        ring->NewestTime = time;
        return time;
    }

    /// <summary>Makes room for a record, over the oldest page where needed.</summary>
    /// <returns>The record's position, not wrapped.</returns>
    private static ulong Reserve(RingDescriptor* ring, ulong size, ulong pageSize)
    {
        unchecked
        {
            ulong mask = ring->Size - 1;
            ulong before = ring->Last;
            ulong after = before + size;
            if (((before ^ (after - 1)) & ~(pageSize - 1)) != 0)
                after = ((before + pageSize - 1) & ~(pageSize - 1)) + size;

            ulong position = after - size;
            *(ulong*)(ring->Base + (position & mask)) = RecordLayout.Incomplete;
            if (position != before)
                *(ulong*)(ring->Base + (before & mask)) = 0;
            if ((position & (pageSize - 1)) == 0)
            {
                ref uint records = ref ring->PageRecords[(position & mask) >> TraceRings.PageShift];
                ring->Overwritten += records;
                records = 0;
            }

            Volatile.Write(ref ring->Last, after);
            return position;
        }
    }
}
