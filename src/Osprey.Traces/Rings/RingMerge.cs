using Osprey.Traces.Merging;
using Osprey.Traces.Model;

namespace Osprey.Traces.Rings;

/// <summary>Merges what is read of several rings by time, while it is read.</summary>
/// <remarks>
/// Rings are read in rounds: each round first looks at how far each ring is written, then reads up to there. A sample
/// that one round finds was written after the round before it had looked, so it is younger than all that the round
/// before that one had found. Samples are therefore given out up to the newest time of the round before the last, and
/// nothing that comes later belongs before them. A ring that ended before a record that was still being written may
/// break that rule; whoever adds its piece says so, and the limit stays where it is for that round.
/// </remarks>
/// <param name="tracepoints">The tracepoints of the samples; may grow.</param>
/// <param name="layout">The sizes of records.</param>
public sealed class RingMerge(TracepointTable tracepoints, RingLayout layout)
{
    private readonly Dictionary<int, Queue> _queues = [];
    private ulong _newest; // of all rounds so far
    private ulong _newestBefore; // of all but the last one
    private ulong _limit;

    /// <summary>The bytes of the samples that wait to be given out.</summary>
    public long Waiting => _queues.Values.Sum(queue => (long)queue.Length);

    /// <summary>The newest time of the samples that were added; 0 when there are none.</summary>
    public ulong Newest => _newest;

    /// <summary>The newest time of the samples of a CPU that were added; 0 when there are none.</summary>
    public ulong NewestOf(int cpu) => _queues.TryGetValue(cpu, out Queue? queue) ? queue.Newest : 0;

    /// <summary>Adds the samples of a piece.</summary>
    public void Add(RingPiece piece)
    {
        if (!_queues.TryGetValue(piece.Cpu, out Queue? queue))
            _queues.Add(piece.Cpu, queue = new Queue());

        queue.Add(piece.Records);
        for (ReadOnlySpan<byte> rest = piece.Records; ; )
        {
            if (!RingRecords.TryMeasure(rest, tracepoints, layout, out _, out _, out int size))
                break;

            ulong time = KernelRecord.TimeOf(rest);
            queue.Newest = Math.Max(queue.Newest, time);
            _newest = Math.Max(_newest, time);
            rest = rest[Math.Min(KernelRecord.Pad(size), rest.Length)..];
        }
    }

    /// <summary>Ends a round.</summary>
    /// <param name="isWhole">False when a ring had a record that was still being written.</param>
    public void EndRound(bool isWhole)
    {
        if (isWhole)
            (_limit, _newestBefore) = (_newestBefore, _newest);
    }

    /// <summary>Makes all samples so far be given out: nothing follows.</summary>
    public void Finish() => _limit = ulong.MaxValue;

    /// <summary>Gives the samples out whose turn it is, oldest first.</summary>
    /// <param name="batch">Receives them.</param>
    /// <returns>False when there are none; the batch is empty then.</returns>
    public bool Read(SampleBatch batch)
    {
        batch.Clear();
        Queue[] queues = [.. _queues.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        var heap = new StreamHeap(queues.Length, MergeOrder.TimeThenCpu);
        for (int i = 0; i < queues.Length; i++)
        {
            if (queues[i].Length > 0)
                heap.Add(KernelRecord.TimeOf(queues[i].Records), i);
        }

        heap.Build();
        int used = 0;
        while (heap.Count > 0 && used < SampleBatch.DefaultCapacity / 2)
        {
            Queue queue = queues[heap.First];
            ReadOnlySpan<byte> records = queue.Records;
            if (KernelRecord.TimeOf(records) > _limit)
                break;

            if (!RingRecords.TryMeasure(records, tracepoints, layout, out int index, out int payload, out int size))
            {
                queue.Clear();
                heap.RemoveFirst();
                continue;
            }

            KernelRecord.Pack(records[..size], payload, tracepoints[index], batch, ref used);
            queue.Skip(KernelRecord.Pad(size));
            if (queue.Length >= KernelRecord.HeaderSize)
                heap.Replace(KernelRecord.TimeOf(queue.Records));
            else
                heap.RemoveFirst();
        }

        return batch.Count > 0;
    }

    /// <summary>The records of one ring that wait.</summary>
    private sealed class Queue
    {
        private byte[] _bytes = new byte[1 << 12];
        private int _start;

        public int Length { get; private set; }

        public ulong Newest { get; set; }

        public ReadOnlySpan<byte> Records => _bytes.AsSpan(_start, Length);

        public void Add(ReadOnlySpan<byte> records)
        {
            if (_bytes.Length - _start - Length < records.Length)
            {
                byte[] bytes =
                    Length + records.Length > _bytes.Length
                        ? new byte[Math.Max(Length + records.Length, _bytes.Length * 2)]
                        : _bytes;
                Records.CopyTo(bytes);
                (_bytes, _start) = (bytes, 0);
            }

            records.CopyTo(_bytes.AsSpan(_start + Length));
            Length += records.Length;
        }

        public void Skip(int size)
        {
            size = Math.Min(size, Length);
            _start += size;
            Length -= size;
        }

        public void Clear() => Length = 0;
    }
}
