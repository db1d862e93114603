namespace Osprey.Traces.Analyses.Pairs;

/// <summary>The time at which each CPU began to record.</summary>
internal sealed class CpuFirstTimes
{
    private const int Direct = 256;

    private readonly ulong[] _times = new ulong[Direct];
    private readonly bool[] _isKnown = new bool[Direct];
    private readonly Dictionary<uint, ulong> _others = [];

    /// <summary>Time of the CPU's first sample in nanoseconds; it must have been observed.</summary>
    public ulong this[uint cpu] => cpu < Direct ? _times[cpu] : _others[cpu];

    /// <summary>Takes note of a sample.</summary>
    public void Observe(uint cpu, ulong time)
    {
        if (cpu >= Direct)
        {
            _others.TryAdd(cpu, time);
        }
        else if (!_isKnown[cpu])
        {
            _isKnown[cpu] = true;
            _times[cpu] = time;
        }
    }
}
