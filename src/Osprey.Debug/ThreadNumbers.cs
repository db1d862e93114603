using Osprey.Guests.Threads;

namespace Osprey.Debug;

/// <summary>
/// Gives the guest's threads numbers that debuggers can rely on: from 1, the same as long as a thread lives, and never
/// another thread's.
/// </summary>
/// <remarks>
/// It is the guest's own number where that is possible. Systems use theirs again, and some number several threads 0:
/// such ones are numbered from <see cref="FirstOwn"/> on.
/// </remarks>
internal sealed class ThreadNumbers
{
    /// <summary>The first number that is not the guest's.</summary>
    public const long FirstOwn = 0x40000000;

    private readonly Dictionary<(ulong Id, ulong Address), long> _numbers = [];
    private readonly HashSet<long> _used = [];
    private readonly Dictionary<int, long> _cpus = [];
    private long _next = FirstOwn;

    /// <summary>The number of one of the guest's threads.</summary>
    public long Get(GuestThreadState thread)
    {
        if (_numbers.TryGetValue((thread.Id, thread.Address), out long number))
            return number;

        number = thread.Id is > 0 and < FirstOwn && _used.Add((long)thread.Id) ? (long)thread.Id : _next++;
        _numbers.Add((thread.Id, thread.Address), number);
        return number;
    }

    /// <summary>The number of a vCPU that stands for itself.</summary>
    public long Get(int cpu)
    {
        if (!_cpus.TryGetValue(cpu, out long number))
            _cpus.Add(cpu, number = _next++);

        return number;
    }

    /// <summary>Finds the vCPU that a number was given to; null when it was given to none.</summary>
    public int? FindCpu(long number)
    {
        foreach ((int cpu, long its) in _cpus)
        {
            if (its == number)
                return cpu;
        }

        return null;
    }
}
