using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Debug;

/// <summary>
/// A guest under a debugger: its own threads, breakpoints, and stops. It knows no front end and no protocol of one.
/// </summary>
/// <remarks>
/// <para>
/// A guest that can be steered stands still when the session begins, and each stop is told with the thread that it is
/// about, as the guest's own system says at that moment. One that can't, or may not, be steered is looked at: live
/// memory, a core file. There, letting it run is a wish for a newer look.
/// </para>
/// <para>
/// Used from one thread at a time. At its end <see cref="LetGo"/> takes out what was inserted.
/// </para>
/// </remarks>
public sealed partial class DebugSession
{
    private readonly ThreadNumbers _numbers = new();
    private readonly IExecutionControl? _execution;
    private readonly Dictionary<int, DebugThread> _onCpu = [];
    private ThreadView? _view;
    private DebugThread? _current;

    /// <summary>Begins.</summary>
    /// <param name="guest">The guest; it stays the caller's.</param>
    public DebugSession(GuestSession guest)
    {
        Guest = guest;
        _ = guest.Target.TryGet(out _execution);
        if (_execution is not null && !_execution.Features.HasFlag(ExecutionFeatures.Breakpoints))
            _execution = null;
    }

    /// <summary>The guest.</summary>
    public GuestSession Guest { get; }

    /// <summary>Whether the guest can be stopped, stepped and let run; otherwise it is only looked at.</summary>
    public bool CanSteer => _execution is not null;

    /// <summary>Whether its memory may be written.</summary>
    public bool CanWrite => CanSteer && Guest.Target.TryGet<IMemoryWriter>(out _);

    /// <summary>Whether the guest runs because it was let run here.</summary>
    public bool IsRunning => _execution?.IsRunning ?? false;

    /// <summary>The threads at this stop, the current one first.</summary>
    public IReadOnlyList<DebugThread> Threads =>
        [Current, .. View.Threads.Where(thread => thread.Number != Current.Number)];

    /// <summary>The thread that the last stop was about; at first what the first vCPU runs.</summary>
    public DebugThread Current => _current ??= View.Threads[0];

    /// <summary>The reason why threads may be missing from the list; null when there is none.</summary>
    public string? ThreadProblem => View.Problem;

    /// <summary>
    /// Forgets what was read of the last stop, where the execution control has told all caches that the guest ran.
    /// </summary>
    private void ForgetLastStop()
    {
        Guest.ForgetStop();
        (_view, _current) = (null, null);
        _onCpu.Clear();
    }

    /// <summary>
    /// Finds what a vCPU runs: without the list of all threads where the guest's system can tell, since a breakpoint
    /// that is bound to a thread asks at each hit.
    /// </summary>
    private DebugThread? FindOnCpu(int cpu)
    {
        if (_view is not null)
            return _view.FindOnCpu(cpu);

        if (_onCpu.TryGetValue(cpu, out DebugThread? known))
            return known;

        DebugThread? found = null;
        try
        {
            if (Guest.FindRunning(cpu) is { } state)
                found = new DebugThread(Guest, _numbers.Get(state), state, cpu);
        }
        catch (TargetException)
        {
            // No system is known, or its kernel: the view says so.
        }

        found ??= View.FindOnCpu(cpu);
        if (found is not null)
            _onCpu[cpu] = found;

        return found;
    }

    private ThreadView View => _view ??= ThreadView.Read(Guest, _numbers);

    /// <summary>
    /// Finds a thread by its number; null when it ended. A vCPU's number stays valid: it then means what runs there.
    /// </summary>
    public DebugThread? Find(long number) =>
        // The thread that was stepped is known without the list of all.
        _current?.Number == number
            ? _current
            : View.Find(number) ?? (_numbers.FindCpu(number) is int cpu ? View.FindOnCpu(cpu) : null);

    /// <summary>Writes registers of a thread that is on a vCPU.</summary>
    /// <exception cref="TargetException">
    /// That is not allowed, the thread sleeps, a register can't be written, or the guest runs.
    /// </exception>
    public void WriteRegisters(DebugThread thread, IReadOnlyList<(Register Register, ulong Value)> values)
    {
        IRegisterWriter writer = Guest.Target.Require<IRegisterWriter>();
        if (thread.Cpu is not int cpu)
            throw new TargetException(
                TargetProblem.NotSupported,
                $"thread {thread.Number} ({thread.Name}) is on no CPU: its kernel restores its registers from its stack"
            );

        long current = Current.Number;
        writer.WriteRegisters(cpu, values);
        Forget();
        _current = Find(current);
    }

    /// <summary>Writes memory as a thread sees it, all of a range or nothing.</summary>
    /// <exception cref="TargetException">
    /// That is not allowed, not all of the range is RAM, or the guest runs.
    /// </exception>
    public void WriteMemory(DebugThread thread, ulong address, ReadOnlySpan<byte> bytes)
    {
        IMemoryWriter writer = Guest.Target.Require<IMemoryWriter>();
        VirtualMemory memory =
            thread.FindSpace()?.Memory
            ?? throw new TargetException(
                TargetProblem.PageTablesUnknown,
                "no page tables are known to find the memory by"
            );
        var parts = new List<(PhysicalAddress Place, int Start, int Size)>();
        for (int start = 0; start < bytes.Length; )
        {
            ulong at = unchecked(address + (ulong)start);
            if (!memory.TryTranslate(at, out PhysicalAddress place))
                throw new TargetException(TargetProblem.NotRam, $"0x{at:x} is not mapped");

            int size = Math.Min(bytes.Length - start, (int)(0x1000 - (at & 0xfff)));
            parts.Add((place, start, size));
            start += size;
        }

        foreach ((PhysicalAddress place, int start, int size) in parts)
            writer.Write(place, bytes.Slice(start, size));

        Guest.Target.Refresh();
        _view = null; // it may have been the list of threads
    }

    /// <summary>Looks at a guest anew that is not steered.</summary>
    public void LookAgain()
    {
        Guest.Refresh();
        Forget();
    }

    /// <summary>Makes what is known of this stop old, after others asked the guest things.</summary>
    public void Forget()
    {
        Guest.RefreshContexts();
        (_view, _current) = (null, null);
        _onCpu.Clear();
    }
}
