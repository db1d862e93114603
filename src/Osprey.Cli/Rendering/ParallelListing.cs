using Osprey.Session.Traces;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering;

/// <summary>Writes a trace's samples batch by batch on all cores, in the trace's order.</summary>
internal static class ParallelListing
{
    /// <summary>Writes one batch; its state belongs to one thread at a time.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="text">Gets the lines.</param>
    public delegate void BatchWriter(SampleBatch batch, Utf8Builder text);

    /// <summary>Lists the rest of a trace.</summary>
    /// <param name="session">The trace.</param>
    /// <param name="output">Where to.</param>
    /// <param name="createWriter">Makes a writer; one is made for each batch in flight.</param>
    /// <param name="inOrder">Whether one writer must see all batches, in order.</param>
    public static void Run(TraceSession session, Output output, Func<BatchWriter> createWriter, bool inOrder = false)
    {
        output.Flush();
        bool isSmall = inOrder || session.Reader.Length is < 1 << 20;
        var idle = new Stack<Slot>();
        for (int i = 0; i < (isSmall ? 1 : Environment.ProcessorCount + 2); i++)
            idle.Push(new Slot(createWriter()));

        var busy = new Queue<Slot>();
        while (true)
        {
            if (idle.Count == 0)
                idle.Push(Drain(busy, output));

            Slot slot = idle.Pop();
            if (!session.Reader.Read(slot.Batch))
                break;

            slot.Start(isSmall);
            busy.Enqueue(slot);
        }

        while (busy.Count > 0)
            Drain(busy, output);
    }

    private static Slot Drain(Queue<Slot> busy, Output output)
    {
        Slot slot = busy.Dequeue();
        slot.Finish();
        output.Write(slot.Text.Written);
        return slot;
    }

    private sealed class Slot(BatchWriter writer)
    {
        private Task? _task;

        public SampleBatch Batch { get; } = new();

        public Utf8Builder Text { get; } = new(SampleBatch.DefaultCapacity);

        public void Start(bool here)
        {
            _task = null;
            if (here)
                Write();
            else
                _task = Task.Run(Write);
        }

        public void Finish() => _task?.GetAwaiter().GetResult();

        private void Write()
        {
            Text.Clear();
            writer(Batch, Text);
        }
    }
}
