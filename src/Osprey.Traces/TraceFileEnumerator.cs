using Osprey.Traces.Model;

namespace Osprey.Traces;

/// <summary>Goes through the samples of a <see cref="TraceFile"/>.</summary>
public sealed class TraceFileEnumerator
{
    private readonly TraceReader _reader;
    private readonly SampleBatch _batch = new();
    private int _index = -1;

    internal TraceFileEnumerator(TraceReader reader) => _reader = reader;

    /// <summary>The sample; valid until the next one.</summary>
    public TraceEvent Current => _batch[_index];

    /// <summary>Goes to the next sample.</summary>
    /// <returns>False when there are no more.</returns>
    public bool MoveNext()
    {
        if (++_index < _batch.Count)
            return true;

        _index = 0;
        while (_reader.Read(_batch))
        {
            if (_batch.Count > 0)
                return true;
        }

        return false;
    }
}
