namespace Osprey.Target;

// The guest may change whatever was read of it as soon as it runs. Nobody tells the caches so: each keeps the number
// that it read at, and compares. So no cache can be forgotten, and whoever lets the guest run, or notices that somebody
// else did, has one thing to do. There is one generation for each way to a guest: memory hands it up (IPhysicalMemory),
// so that a cache made over memory has it without being given it.
//
// A guest that is never stopped has one generation for as long as nobody advances it: what was read once stays as it
// was read, until somebody asks for a newer look (GuestTarget.Refresh).

/// <summary>
/// Counts how often a guest may have run since it was reached. What was read in an earlier generation may be old.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class StopGeneration
{
    private readonly bool _isFixed;
    private long _value = 1;

    /// <summary>Makes the generation of a guest that may run.</summary>
    public StopGeneration() { }

    private StopGeneration(bool isFixed) => _isFixed = isFixed;

    /// <summary>The generation of memory that never changes, such as a file's: it never advances.</summary>
    public static StopGeneration Fixed { get; } = new(isFixed: true);

    /// <summary>The number, from 1 on: 0 stands for nothing read yet.</summary>
    public long Value => Volatile.Read(ref _value);

    /// <summary>Makes all that was read so far old: the guest may have run, or its memory was written.</summary>
    public void Advance()
    {
        if (!_isFixed)
            Interlocked.Increment(ref _value);
    }
}
