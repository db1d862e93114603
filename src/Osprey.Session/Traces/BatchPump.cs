using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Osprey.Traces.Model;

namespace Osprey.Session.Traces;

/// <summary>
/// Reads a trace's batches ahead on a thread of its own, so that reading and analysing share two cores.
/// </summary>
public sealed class BatchPump : IDisposable
{
    /// <summary>Below this size a second thread costs more than it brings.</summary>
    private const long WorthAThread = 4 << 20;

    private readonly TraceReader _reader;
    private readonly BlockingCollection<SampleBatch> _filled = new(2);
    private readonly BlockingCollection<SampleBatch> _empty = [];
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
