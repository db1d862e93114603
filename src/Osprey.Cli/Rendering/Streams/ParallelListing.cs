using Osprey.Session.Traces;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Streams;

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
        if (inOrder || session.Reader.Length is < 1 << 20)
            RunHere(session, output, createWriter());
        else
            RunOnAllCores(session, output, createWriter);
    }

    private static void RunHere(TraceSession session, Output output, BatchWriter writer)
    {
        var batch = new SampleBatch();
        while (session.Reader.Read(batch))
        {
            writer(batch, output.Text);
            output.Flush();
        }
    }

    private static void RunOnAllCores(TraceSession session, Output output, Func<BatchWriter> createWriter)
    {
        var idle = new Stack<SampleBatch>();
        var text = new OrderedText<BatchWriter, SampleBatch>(
            (writer, batch, target) => writer(batch, target),
            (batch, written) =>
            {
                output.Write(written.Written);
                idle.Push(batch);
            }
        );
        for (int i = 0; i < Environment.ProcessorCount + 2; i++)
        {
            idle.Push(new SampleBatch());
            text.AddWriter(createWriter(), 4 * SampleBatch.DefaultCapacity);
        }

        idle.Push(new SampleBatch());
        while (idle.Pop() is SampleBatch batch && session.Reader.Read(batch))
            text.Add(batch);

        text.Finish();
    }
}
