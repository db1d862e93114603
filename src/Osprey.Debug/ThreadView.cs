using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Debug;

/// <summary>The threads of a guest at one stop, and which vCPU runs which.</summary>
internal sealed class ThreadView
{
    private readonly Dictionary<long, DebugThread> _byNumber = [];
    private readonly Dictionary<int, DebugThread> _byCpu = [];

    private ThreadView(IReadOnlyList<DebugThread> threads, string? problem)
    {
        Threads = threads;
        Problem = problem;
        foreach (DebugThread thread in threads)
        {
            _byNumber[thread.Number] = thread;
            if (thread.Cpu is int cpu)
                _byCpu[cpu] = thread;
        }
    }

    /// <summary>The threads: those that run first, by vCPU, then the others by the system's numbers.</summary>
    public IReadOnlyList<DebugThread> Threads { get; }

    /// <summary>The reason why there are only vCPUs, or threads may be missing; null when there is none.</summary>
    public string? Problem { get; }

    /// <summary>Reads the guest's threads; its vCPUs where it has none yet, or they can't be read.</summary>
    public static ThreadView Read(GuestSession guest, ThreadNumbers numbers)
    {
        IReadOnlyList<GuestThreadState> states = [];
        string? problem = null;
        try
        {
            GuestThreadList list = guest.ListThreads();
            states = list.Threads;
            problem = list.Defects.Count == 0 ? null : string.Join("; ", list.Defects);
        }
        catch (TargetException exception)
        {
            problem = exception.Message;
        }

        var running = new SortedDictionary<int, DebugThread>();
        var others = new List<DebugThread>();
        foreach (GuestThreadState state in states)
        {
            int? cpu = state.Saved is null && state.IsRunning ? guest.FindVcpu(state)?.Cpu : null;
            var thread = new DebugThread(guest, numbers.Get(state), state, cpu);
            if (cpu is not int runs || !running.TryAdd(runs, thread))
                others.Add(thread);
        }

        for (int cpu = 0; cpu < guest.Target.CpuCount; cpu++)
        {
            if (!running.ContainsKey(cpu))
                running.Add(cpu, new DebugThread(guest, numbers.Get(cpu), null, cpu));
        }

        return new ThreadView([.. running.Values, .. others], problem);
    }

    /// <summary>Finds a thread by its number; null when there is none.</summary>
    public DebugThread? Find(long number) => _byNumber.GetValueOrDefault(number);

    /// <summary>Finds what runs on a vCPU; null when there is no such vCPU.</summary>
    public DebugThread? FindOnCpu(int cpu) => _byCpu.GetValueOrDefault(cpu);
}
