using System.Diagnostics;
using System.Globalization;
using Osprey.Probes.Native;

namespace Osprey.Probes.Tracing.Ptrace;

/// <content>What is done about threads that have stopped.</content>
public sealed partial class PtraceBackend
{
    private const int SameMemory = 1; // KCMP_VM

    /// <summary>Tells a hit, or handles whatever else stopped a thread, and lets it run on.</summary>
    /// <returns>False when no more hits are wanted.</returns>
    private bool Handle(int thread, WaitStatus status, Func<ProbeHit, bool> take)
    {
        if (!status.IsStopped)
        {
            Forget(thread);
            if (_threads.Count == 0)
                EndReason ??= "the process has ended";

            return true;
        }

        if (!_threads.Contains(thread) && !_borrowers.Contains(thread) && !TakeIn(thread))
            return true;

        switch (status.Event)
        {
            case 0:
                return HandleSignal(thread, status.Signal, take);
            case WaitStatus.EventExec:
                HandleExec(thread);
                return true;
            case WaitStatus.EventStop when status.IsGroupStop:
                PtraceCalls.Listen(thread);
                return true;
            default:
                PtraceCalls.Continue(thread);
                return true;
        }
    }

    private bool HandleSignal(int thread, int signal, Func<ProbeHit, bool> take)
    {
        if (_isWoken && signal == StopSignal)
        {
            _isWoken = false;
            PtraceCalls.Continue(thread);
            return true;
        }

        if (
            signal != WaitStatus.Trap
            || !PtraceCalls.TryGetRegisters(thread, out UserRegisters registers)
            || !_sites.TryGetValue(unchecked(registers.Rip - 1), out TracedSite? site)
        )
        {
            PtraceCalls.Continue(thread, signal);
            return true;
        }

        ulong time = (ulong)Stopwatch.GetTimestamp(); // nanoseconds of CLOCK_MONOTONIC
        registers.Rip--;
        _state.Use(thread, registers);
        var values = Evaluate(site, _state);
        _stack.Clear();
        _stack.Add(unchecked(site.Address + 1));
        _walker?.Walk(site.Address, _state, _stack);
        string name = _names.Find(thread);
        PtraceCalls.Continue(thread);
        return take(new ProbeHit(site, time, thread, name, null, values, [.. _stack]));
    }

    /// <summary>Takes in a thread that has just begun, or puts right and lets go a process that has.</summary>
    /// <returns>False when it was let go.</returns>
    private bool TakeIn(int thread)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.ProcessId}/task/{thread}");
        if (Directory.Exists(path))
        {
            _threads.Add(thread);
            return true;
        }

        if (Libc.Call(Libc.CompareResources, _process.ProcessId, thread, SameMemory, 0, 0) == 0)
        {
            _borrowers.Add(thread);
            return true;
        }

        try
        {
            _inserted?.Clean(thread);
        }
        catch (ProbeException)
        {
            // It was killed meanwhile.
        }

        PtraceCalls.Detach(thread);
        return false;
    }

    private void HandleExec(int thread)
    {
        if (_borrowers.Remove(thread))
        {
            PtraceCalls.Detach(thread);
            return;
        }

        // The memory with all that was put into it is gone, and so are the other threads.
        EndReason = "the process executed another program";
        _threads.Clear();
        _guard = null;
        PtraceCalls.Detach(thread);
    }

    private void Forget(int thread)
    {
        _threads.Remove(thread);
        _borrowers.Remove(thread);
        if (_awake == thread)
            _awake = _threads.FirstOrDefault();
    }

    /// <summary>The signal that a thread is let go with: the one that it stopped for, unless that was ours.</summary>
    private int SignalToPass(int thread, WaitStatus status)
    {
        if (status.Event != 0)
            return 0;

        if (_isWoken && status.Signal == StopSignal)
        {
            _isWoken = false;
            return 0;
        }

        bool isOurs =
            status.Signal == WaitStatus.Trap
            && PtraceCalls.TryGetRegisters(thread, out UserRegisters registers)
            && _sites.ContainsKey(unchecked(registers.Rip - 1));
        return isOurs ? 0 : status.Signal;
    }

    /// <summary>Tells whether a signal of ours waits for a thread, which must get it first.</summary>
    private bool HasPendingSignal(int thread)
    {
        const string Field = "SigPnd:";
        try
        {
            string path = string.Create(
                CultureInfo.InvariantCulture,
                $"/proc/{_process.ProcessId}/task/{thread}/status"
            );
            string? line = File.ReadLines(path)
                .FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            return ulong.TryParse(
                    line.AsSpan()[Math.Min(Field.Length, line?.Length ?? 0)..].Trim(),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out ulong pending
                )
                && (
                    (pending & WaitStatus.BitOf(WaitStatus.Trap)) != 0
                    || (_isWoken && (pending & WaitStatus.BitOf(StopSignal)) != 0)
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
