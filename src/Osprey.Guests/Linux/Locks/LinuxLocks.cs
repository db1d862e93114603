using System.Globalization;
using Osprey.Guests.Threads;
using Osprey.Symbols;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Linux.Locks;

/// <summary>Finds what tasks wait for where another task has it: locks, and the end of threads.</summary>
/// <remarks>For one list of tasks: where a task waits for a lock, all others that do are found with it.</remarks>
internal sealed class LinuxLocks
{
    private readonly GuestKernel _kernel;
    private readonly Dictionary<ulong, GuestThreadState> _tasks;
    private readonly Lazy<LinuxRealTimeLocks> _realTime;
    private readonly Dictionary<GuestWaitKind, (LinuxLockKind Kind, LinuxLockList List)> _lists = [];
    private readonly Lazy<LinuxExecutions> _executions;
    private readonly Lazy<LinuxObjectNames> _names;
    private readonly List<SymbolFrame> _frames = [];

    /// <summary>Prepares to look for the locks of some tasks.</summary>
    public LinuxLocks(GuestKernel kernel, GuestThreadList tasks)
    {
        _kernel = kernel;
        Tasks = tasks;
        _tasks = tasks.Threads.DistinctBy(task => task.Address).ToDictionary(task => task.Address);
        _realTime = new(() => new LinuxRealTimeLocks(kernel));
        _executions = new(() => new LinuxExecutions(kernel, _tasks));
        _names = new(() => new LinuxObjectNames(kernel));
    }

    /// <summary>The tasks.</summary>
    public GuestThreadList Tasks { get; }

    /// <summary>Finds the object that a task waits for, and its owner.</summary>
    /// <param name="task">The task.</param>
    /// <param name="wait">What it waits for by the functions on its stack; null when they do not tell.</param>
    /// <param name="rows">The frames of its stack.</param>
    /// <returns>What was found; else the wait as it was.</returns>
    public GuestWait? Find(GuestThreadState task, GuestWait? wait, IReadOnlyList<BacktraceRow> rows)
    {
        if (!task.IsWaiting)
            return wait;

        if (_realTime.Value.Find(task.Address) is { } realTime)
            return Describe(GuestWaitKind.Mutex, "real-time mutex", realTime, "");

        if (wait is not null && GetList(wait.Kind) is var (kind, list) && list.Find(task) is { } found)
            return Describe(kind.Kind, kind.Name, found, GetPurpose(wait.Description));

        return wait is null ? _executions.Value.Find(task, rows) : wait;
    }

    private (LinuxLockKind Kind, LinuxLockList List)? GetList(GuestWaitKind kind)
    {
        if (_lists.TryGetValue(kind, out (LinuxLockKind, LinuxLockList) known))
            return known;

        if (LinuxLockKind.All.FirstOrDefault(item => item.Kind == kind) is not { } found)
            return null;

        return _lists[kind] = (found, new LinuxLockList(_kernel, found, _tasks));
    }

    private GuestWait Describe(GuestWaitKind kind, string word, LinuxLock found, string purpose)
    {
        GuestThreadState? owner = found.Owner is { } address ? _tasks.GetValueOrDefault(address) : null;
        string name = FindName(found.Address) is { } text ? $"{text} at " : "";
        string holder =
            owner is not null ? $", owned by thread {owner.Label}"
            : found.Readers is { } readers ? $", held by {readers} {(readers == 1 ? "reader" : "readers")}"
            : "";
        return new GuestWait(
            kind,
            string.Create(CultureInfo.InvariantCulture, $"{word} {name}0x{found.Address:x}{purpose}{holder}")
        )
        {
            Object = found.Address,
            Owner = owner?.Id,
        };
    }

    /// <summary>The variable that a lock is, or the object of a cache that it is a member of.</summary>
    private string? FindName(ulong address)
    {
        _frames.Clear();
        return _kernel.FindModule(address) is not null || LinuxDetector.ImageRangeStart <= address
            ? FindSymbol(address)
            : _names.Value.Find(address);
    }

    private string? FindSymbol(ulong address) =>
        _kernel.Symbols.TryResolve(address, _frames) && _frames[0].Name is { } name ? name : null;

    private static string GetPurpose(string description)
    {
        int comma = description.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? "" : description[comma..];
    }
}
