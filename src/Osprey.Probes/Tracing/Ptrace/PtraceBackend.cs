using System.Diagnostics;
using System.Runtime.InteropServices;
using Osprey.Probes.Native;
using Osprey.Probes.Processes;

namespace Osprey.Probes.Tracing.Ptrace;

// How it works. Every thread of the process is seized (PTRACE_SEIZE: none is stopped), then the NOP of each site is
// overwritten by a breakpoint, one byte, which is safe while threads run. A thread that comes by gets SIGTRAP, which
// stops it and wakes us. Its arguments are read, and it goes on without the signal: the program counter is already
// behind the breakpoint, and a NOP does nothing, so that nothing is put back, stepped or emulated.
//
// What must hold:
//
// - A breakpoint may only be in memory whose threads are seized, or SIGTRAP kills the process. New threads are seized
//   by the kernel before they run. A fork is stopped, its copy is put right, and it is let go. A child of vfork shares
//   the memory until it executes another program: it stays seized until then.
// - Signals of others are passed on as they came. A process that SIGSTOP stopped stays stopped (PTRACE_LISTEN).
// - At the end the breakpoints are taken out first. A thread may have hit one whose SIGTRAP it has not got yet: it must
//   not be let go before, so each is stopped, and one with a pending SIGTRAP is let run into that.
// - When we are killed, the kernel lets all threads go at once, with the breakpoints still in. For that time the
//   process has a handler of SIGTRAP that does nothing (TrapGuard), and a file says what is to be undone
//   (ProbeJournal).
//
// waitpid has no time limit: to end it, a thread of the process is sent SIGSTOP, which stops it for us alone.

/// <summary>Traces by breakpoints: any process of the same user, at two context switches a hit.</summary>
public sealed partial class PtraceBackend : ProbeBackend
{
    private const int WaitAll = 0x40000000 | 0x20000000; // __WALL, __WNOTHREAD
    private const int NoWait = 1; // WNOHANG
    private const int StopSignal = 19; // SIGSTOP
    private const int MaxTries = 3; // of a call that a thread is made to do
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly TracedProcess _process;
    private readonly Dictionary<ulong, TracedSite> _sites = [];
    private readonly IStackWalker? _walker;
    private readonly HashSet<int> _threads = [];
    private readonly HashSet<int> _borrowers = []; // children of vfork
    private readonly ThreadNames _names = new();
    private readonly List<ulong> _stack = [];
    private readonly ProcessMemory _memory;
    private readonly StoppedThread _state;
    private InsertedSites? _inserted;
    private ProbeJournal? _journal;
    private TrapGuard? _guard;
    private volatile int _awake; // a thread that can be woken
    private volatile bool _isWoken;

    /// <param name="process">The process.</param>
    /// <param name="sites">The sites to trace.</param>
    /// <param name="walker">Finds stacks; null to leave them alone.</param>
    /// <exception cref="ProbeException">The process ended, or is another user's.</exception>
    public PtraceBackend(TracedProcess process, IReadOnlyList<TracedSite> sites, IStackWalker? walker)
    {
        _process = process;
        _walker = walker;
        foreach (TracedSite site in sites)
        {
            if (!_sites.TryAdd(site.Address, site))
                Note($"{site.Probe.FullName} shares its site 0x{site.Address:x} with {_sites[site.Address].Probe}");
        }

        _memory = ProcessMemory.Open(process.ProcessId, isWritable: true);
        _state = new StoppedThread(_memory);
    }

    /// <inheritdoc/>
    public override string Description => "breakpoints (ptrace), which stop each thread that comes by for a while";

    /// <inheritdoc/>
    public override void Begin()
    {
        KeepNops();
        SeizeThreads();
        try
        {
            _guard = TrapGuard.Find(_process, _memory);
            _inserted = new InsertedSites(
                _memory,
                _sites.Keys,
                _sites.Values.Select(site => site.SemaphoreAddress).OfType<ulong>()
            );
            _journal = ProbeJournal.Begin(_process, _inserted, _guard is not null);
            if (_guard is not null && !WithStoppedThread(thread => _guard.Install(thread)))
            {
                _guard = null;
                Note("if osprey is killed, the process may end at its next probe: no handler could be installed");
            }

            _inserted.Insert();
        }
        catch
        {
            End();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Follow(Func<ProbeHit, bool> take, Action pause, CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.Register(Wake);
        bool isWanted = true;
        while (isWanted && !cancellation.IsCancellationRequested && EndReason is null)
        {
            int thread = Wait(NoWait, out WaitStatus status);
            if (thread == 0)
            {
                pause();
                thread = Wait(0, out status);
            }

            if (thread < 0)
                EndReason ??= "the process has ended";
            else
                isWanted = Handle(thread, status, take);
        }

        pause();
    }

    /// <inheritdoc/>
    public override void End()
    {
        _inserted?.Remove();
        if (_threads.Count + _borrowers.Count > 0)
            LetGo();

        _journal?.Finish();
        _journal = null;
        _inserted = null;
        _memory.Dispose();
    }

    /// <summary>Leaves out sites where no NOP is: another tool may trace them, or the code was changed.</summary>
    private void KeepNops()
    {
        foreach ((ulong address, TracedSite site) in _sites.ToArray())
        {
            byte? found = InsertedSites.ReadByte(_memory, address);
            if (found == InsertedSites.Nop)
                continue;

            _sites.Remove(address);
            Note(
                $"{site.Probe.FullName}: the site 0x{address:x} is left out: there is "
                    + (found is { } value ? $"0x{value:x2} in place of a NOP" : "no memory")
            );
        }

        if (_sites.Count == 0)
            throw new ProbeException($"no site can be traced: {(Notes.Count > 0 ? Notes[0] : "there is none")}");
    }

    private static unsafe int Wait(int options, out WaitStatus status)
    {
        while (true)
        {
            int value;
            int thread = Libc.WaitFor(-1, &value, WaitAll | options);
            status = new WaitStatus(value);
            if (thread >= 0 || Marshal.GetLastPInvokeError() != Libc.Interrupted)
                return thread;
        }
    }

    /// <summary>Makes the wait for the next stop end. From any thread.</summary>
    private void Wake()
    {
        _isWoken = true;
        if (Libc.Signal(_process.ProcessId, _awake, StopSignal) == 0)
            return;

        foreach (int thread in _process.ListThreads())
        {
            if (Libc.Signal(_process.ProcessId, thread, StopSignal) == 0)
                return;
        }
    }

    /// <summary>Stops all threads, lets those run into their SIGTRAP that have one pending, and detaches.</summary>
    private void LetGo()
    {
        bool isGuarded = _guard is not null && EndReason is null;
        foreach (int thread in _threads.Concat(_borrowers))
            PtraceCalls.Interrupt(thread);

        long begun = Stopwatch.GetTimestamp();
        while (_threads.Count + _borrowers.Count > 0 && Stopwatch.GetElapsedTime(begun) < s_patience)
        {
            int thread = Wait(NoWait, out WaitStatus status);
            if (thread < 0)
                break;

            if (thread == 0)
            {
                Thread.Sleep(TimeSpan.FromMicroseconds(200));
                continue;
            }

            if (!status.IsStopped)
            {
                Forget(thread);
                continue;
            }

            if (!_threads.Contains(thread) && !_borrowers.Contains(thread) && !TakeIn(thread))
                continue;

            bool isStop = status.Event == WaitStatus.EventStop;
            if (isStop && !status.IsGroupStop && HasPendingSignal(thread))
            {
                PtraceCalls.Continue(thread);
                continue;
            }

            if (isGuarded && isStop && _threads.Contains(thread) && !status.IsGroupStop)
            {
                _guard!.Remove(thread);
                isGuarded = false;
            }

            PtraceCalls.Detach(thread, SignalToPass(thread, status));
            Forget(thread);
        }

        // Who could not be stopped, such as one that waits for a child of vfork, is let go of when this thread ends.
        _threads.Clear();
        _borrowers.Clear();
    }

    /// <summary>Runs an action with a thread that stands still; false when none can be stopped.</summary>
    private bool WithStoppedThread(Func<int, bool> action)
    {
        // Any thread will do: the one that is asked may end, and others begin, which stop by themselves.
        int asked = 0;
        int tries = 0;
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < s_patience && EndReason is null)
        {
            if (!_threads.Contains(asked))
            {
                asked = _awake;
                PtraceCalls.Interrupt(asked);
            }

            int thread = Wait(NoWait, out WaitStatus status);
            if (thread < 0)
                return false;

            if (thread == 0)
            {
                Thread.Sleep(TimeSpan.FromMicroseconds(200));
                continue;
            }

            bool isStop = status is { IsStopped: true, Event: WaitStatus.EventStop, IsGroupStop: false };
            if (isStop && !_threads.Contains(thread) && !_borrowers.Contains(thread) && !TakeIn(thread))
                continue;

            if (!isStop || !_threads.Contains(thread))
            {
                Handle(thread, status, _ => true);
                continue;
            }

            bool isDone = action(thread);
            PtraceCalls.Continue(thread);
            if (isDone || ++tries == MaxTries)
                return isDone;

            asked = 0;
        }

        return false;
    }
}
