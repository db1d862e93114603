using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Osprey.Traces.Model;

namespace Osprey.Session.Traces;

/// <summary>
/// Reads a trace's batches ahead on a thread of its own, so that reading and analysing share two cores.
/// </summary>
/// <remarks>
/// <para>
/// Finding where samples begin and end takes about as long as a simple analysis of them, and neither can be split: a
/// sample's place follows from the one before it, and an analysis sees samples in order. So there are two threads with
/// batches going round between them. The reader's thread takes an empty batch, fills it and puts it among the filled
/// ones; <see cref="Next"/> gives back the batch that it gave out before and takes the next filled one.
/// </para>
/// <para>
/// Four batches are enough for both to work all the time: one is filled, one is analysed, two smooth out the
/// difference. Memory does not grow with the trace. A batch is never in two places: whoever has taken it owns it, and
/// it is valid until the next call of <see cref="Next"/>.
/// </para>
/// <para>
/// The end of the trace closes the queue of filled batches. An input that fails does the same, and the exception is
/// thrown where the next batch would have been given out, behind all samples before it. Disposal cancels both queues,
/// so a reader that waits for an empty batch ends too, and waits for the thread; the input may be closed afterwards.
/// </para>
/// <para>
/// For a small trace the thread costs more than it saves. One batch is then filled on the caller's thread.
/// </para>
/// </remarks>
public sealed class BatchPump : IDisposable
{
    /// <summary>Below this size a second thread costs more than it brings.</summary>
    private const long WorthAThread = 4 << 20;

    private readonly TraceReader _reader;
    private readonly BlockingCollection<SampleBatch> _filled = new(2);

    // The one that was given back last is the one that the caches know best.
    private readonly BlockingCollection<SampleBatch> _empty = new(new ConcurrentStack<SampleBatch>());
    private readonly Thread? _thread;
    private readonly CancellationTokenSource _stop = new();
    private ExceptionDispatchInfo? _failure;
    private SampleBatch? _current;

    /// <param name="reader">Used by the pump alone until it is disposed of.</param>
    public BatchPump(TraceReader reader)
    {
        _reader = reader;
        if (reader.Length is not long length || length >= WorthAThread)
        {
            for (int i = 0; i < 4; i++)
                _empty.Add(new SampleBatch());

            _thread = new Thread(ReadAhead) { IsBackground = true, Name = "trace reader" };
            _thread.Start();
        }
        else
        {
            _current = new SampleBatch();
        }
    }

    /// <summary>The next batch, valid until the next call; null at the end.</summary>
    public SampleBatch? Next()
    {
        if (_thread is null)
            return _reader.Read(_current!) ? _current : null;

        if (_current is not null)
            _empty.Add(_current);

        _current = _filled.TryTake(out SampleBatch? batch, Timeout.Infinite) ? batch : null;
        if (_current is null)
            _failure?.Throw();

        return _current;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _thread?.Join();
        _filled.Dispose();
        _empty.Dispose();
        _stop.Dispose();
    }

    private void ReadAhead()
    {
        try
        {
            while (_empty.Take(_stop.Token) is SampleBatch batch && _reader.Read(batch))
                _filled.Add(batch, _stop.Token);
        }
        catch (OperationCanceledException) { }
        catch (IOException exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }

        _filled.CompleteAdding();
    }
}
