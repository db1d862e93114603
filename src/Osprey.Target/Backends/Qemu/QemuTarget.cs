using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Backends.Qemu.Live;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Target.Backends.Qemu.Virtio;
using Osprey.Target.Backends.Sockets;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu;

/// <summary>
/// A guest of a QEMU on this host, read while it runs: its RAM straight from the process, the rest by QMP. It is only
/// paused when <see cref="Pause"/> asks for it.
/// </summary>
public sealed class QemuTarget : GuestTarget
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(4);

    // One that has greeted us is there, and nobody else's: on a host that is busy it may take its time.
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(12);

    // Others wait for longer than this before they say that it is busy.
    private static readonly TimeSpan s_idle = TimeSpan.FromMilliseconds(200);

    private QmpClient? _qmp;
    private TargetException? _noQmp;
    private readonly QemuMemory _memory;
    private readonly List<string> _notes = [];
    private readonly QemuExecution? _execution;
    private readonly QemuRunState _runState;

    private QemuTarget(
        QemuProcess process,
        QmpClient? qmp,
        TargetException? noQmp,
        bool mapped,
        TargetPermissions permissions
    )
    {
        Process = process;
        Permissions = permissions;
        _qmp = qmp;
        _noQmp = noQmp;
        QemuFacts? facts = qmp is null ? null : QemuFacts.Ask(qmp);
        IReadOnlyList<RamRange> ranges = qmp is null ? QemuRam.Infer(process, noQmp!) : QemuRam.Ask(qmp, _notes);
        CpuCount = facts?.CpuCount ?? process.CommandLine.CpuCount ?? 0;
        RamSize = facts?.RamSize ?? process.CommandLine.MemorySize ?? Sum(ranges);
        if (noQmp is not null)
        {
            Shortcoming = new TargetException(
                noQmp.Problem,
                "RAM was found by its size, "
                    + (process.CommandLine.CanGetMemory ? "what was plugged in later is not seen, " : "")
                    + $"registers can't be read: {noQmp.Message}"
            )
            {
                ProcessId = noQmp.ProcessId,
            };
            _notes.Add(Shortcoming.Message);
        }

        _memory = QemuMemory.Open(process, ranges, mapped);
        var note = new PauseNote(process);
        _runState = new QemuRunState(Name, qmp, noQmp, facts?.IsRunning ?? true, _memory.Generation, note);
        if (facts is not null && note.FindKilled() is int killed)
        {
            if (facts.IsRunning)
                note.Clear(); // somebody let it run since
            else
                _notes.Add(
                    $"an osprey that was killed (pid {killed}) left the guest paused: osprey continue lets it run"
                );
        }

        _execution = qmp is null ? null : new QemuExecution(this);
        ProbeMemory();
    }

    /// <inheritdoc/>
    public override QemuTarget Qemu => this;

    /// <summary>The QEMU.</summary>
    public QemuProcess Process { get; }

    /// <inheritdoc/>
    public override string Name =>
        Process.CommandLine.GuestName is { } name
            ? $"qemu pid {Process.ProcessId} ({name})"
            : $"qemu pid {Process.ProcessId}";

    /// <inheritdoc/>
    public override TargetAccess Access => _runState.IsRunning && !IsStopped ? TargetAccess.Live : TargetAccess.Paused;

    /// <summary>
    /// True while the QEMU itself is stopped, as by SIGSTOP, so that its guest stands still; asked only where QEMU did
    /// not answer for that.
    /// </summary>
    public bool IsStopped => _noQmp?.Problem == TargetProblem.ProcessStopped && StoppedProcess.Is(Process.ProcessId);

    /// <inheritdoc/>
    public override Architecture Architecture => X64Architecture.Instance; // QemuProcess finds no others

    /// <inheritdoc/>
    public override IPhysicalMemory Memory => _memory;

    /// <summary>The means by which memory is read, in the system's words.</summary>
    public string MemoryMethod => _memory.Method;

    /// <inheritdoc/>
    public override ulong RamSize { get; }

    /// <inheritdoc/>
    public override int CpuCount { get; }

    /// <inheritdoc/>
    public override TimeSpan PausedFor => _runState.PausedFor;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => _notes;

    /// <inheritdoc/>
    public override TargetException? Shortcoming { get; }

    /// <summary>Reaches a guest. Without QMP its registers can't be read, and its RAM map is inferred.</summary>
    /// <param name="process">The QEMU.</param>
    /// <param name="mapped">Whether a shared memory backend is mapped rather than read through the process.</param>
    /// <param name="permissions">What the user allowed beyond reading.</param>
    /// <param name="qmp">Its QMP socket, which must then answer; null for those that it was told of.</param>
    /// <param name="cancellation">The user's wish to end early.</param>
    /// <exception cref="TargetException">Neither QMP nor the process's memory can be reached.</exception>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public static QemuTarget Attach(
        QemuProcess process,
        bool mapped = true,
        TargetPermissions permissions = TargetPermissions.None,
        QmpEndpoint? qmp = null,
        CancellationToken cancellation = default
    )
    {
        QmpClient? client = QmpFinder.Connect(
            process,
            qmp,
            s_timeout,
            cancellation,
            out QmpEndpoint? endpoint,
            out TargetException? problem
        );
        if (qmp is not null && problem is not null)
            throw problem;

        client?.SetTimeout(s_answerTimeout);
        try
        {
            if (qmp is not null)
                QmpFinder.RequireOf(client!, endpoint!, process);

            // What fails from here on, such as reading memory that is not for this user, fails without QMP as well.
            var target = new QemuTarget(process, client, problem, mapped, permissions);
            client?.IgnoreCancellation();

            // One program alone can be connected, and some commands look at a guest for hours.
            client?.RestWhenIdle(s_idle, process.IsAlive);
            return target;
        }
        catch (QmpException exception)
        {
            client?.Dispose();
            throw new TargetException(
                TargetProblem.CommandFailed,
                $"qemu pid {process.ProcessId}: {exception.Message}",
                exception
            );
        }
        catch
        {
            client?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Tells whether this user may read the memory of a QEMU: tried, on whatever it has mapped first.
    /// </summary>
    public static bool CanReadMemory(QemuProcess process)
    {
        try
        {
            using var memory = new ProcessMemory(process);
            return ProcessMapping.ReadAll(process.ProcessId) is [{ } first, ..]
                && memory.Read(first.Start, stackalloc byte[1]) == 1;
        }
        catch (Exception exception) when (exception is TargetException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Asks QEMU what the guest does, in its own word, such as "running", "paused" or "guest-panicked"; null when it
    /// can't be asked.
    /// </summary>
    /// <exception cref="TargetException">The connection is lost or the answer takes too long.</exception>
    public string? AskRunState()
    {
        try
        {
            return _qmp is null ? null : QemuFacts.AskState(_qmp);
        }
        catch (QmpException)
        {
            return null;
        }
    }

    /// <summary>
    /// Asks QEMU whether the host's processors run the guest's code (KVM); null when it can't be asked. Otherwise QEMU
    /// translates it, and does not notice code that is written behind its back.
    /// </summary>
    /// <exception cref="TargetException">The connection is lost or the answer takes too long.</exception>
    public bool? AskHasKvm()
    {
        try
        {
            return _qmp is null ? null : QemuFacts.AskHasKvm(_qmp);
        }
        catch (QmpException)
        {
            return null;
        }
    }

    /// <summary>
    /// Asks QEMU for its virtio devices and the places of their queues; null when it can't be asked, or is older than
    /// 7.2 and does not tell.
    /// </summary>
    /// <param name="isWanted">Tells by QEMU's name, such as "virtio-net", whether a kind is asked for.</param>
    /// <exception cref="TargetException">The connection is lost or an answer takes too long.</exception>
    public IReadOnlyList<QemuVirtioDevice>? AskVirtioDevices(Predicate<string> isWanted)
    {
        try
        {
            return _qmp is null ? null : QemuVirtioDevices.Ask(_qmp, isWanted);
        }
        catch (QmpException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override RegisterSet ReadRegisters(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        if (_qmp is null)
            throw NoQmp("registers can't be read", _noQmp!);

        if (cpu >= CpuCount)
            throw TargetException.NoSuchCpu("the guest", CpuCount, cpu);

        try
        {
            return RegisterText.Parse(_qmp.ExecuteHuman("info registers", cpu));
        }
        catch (QmpException exception)
        {
            throw new TargetException(
                TargetProblem.CommandFailed,
                $"registers of vCPU {cpu} can't be read: {exception.Message}",
                exception
            );
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RegisterSet> ReadRegisters(IReadOnlyList<int> cpus)
    {
        if (cpus.Count < 2 || _qmp is null)
            return base.ReadRegisters(cpus);

        try
        {
            // QEMU takes half a millisecond for any answer of its monitor.
            IReadOnlyDictionary<int, RegisterSet> all = RegisterText.ParseNumbered(
                _qmp.ExecuteHuman("info registers -a")
            );
            return cpus.All(all.ContainsKey) ? [.. cpus.Select(cpu => all[cpu])] : base.ReadRegisters(cpus);
        }
        catch (QmpException exception)
        {
            throw new TargetException(
                TargetProblem.CommandFailed,
                $"registers can't be read: {exception.Message}",
                exception
            );
        }
    }

    /// <inheritdoc/>
    public override IDisposable Pause() => _runState.Pause() ?? base.Pause();

    /// <inheritdoc/>
    public override void Leave() => _runState.Leave();

    /// <inheritdoc/>
    public override void LeaveAs(bool runs) => _runState.LeaveAs(runs);

    /// <summary>Has QEMU reset the machine. A guest that stands still stays so.</summary>
    /// <exception cref="TargetException">QEMU can't be asked, or refuses.</exception>
    public void Reset()
    {
        if (_qmp is null)
            throw NoQmp("the guest can't be reset", _noQmp!);

        try
        {
            _qmp.Execute("system_reset");
        }
        catch (QmpException exception)
        {
            throw new TargetException(
                TargetProblem.CommandFailed,
                $"the guest can't be reset: {exception.Message}",
                exception
            );
        }

        Refresh();
    }

    /// <summary>Makes the exception for something that needs QMP.</summary>
    internal static TargetException NoQmp(string what, TargetException reason) =>
        new(reason.Problem, $"{what}: {reason.Message}", reason) { ProcessId = reason.ProcessId };

    /// <summary>
    /// Closes the connection to QMP, which one program alone can have: what is needed of it is known.
    /// </summary>
    internal void CloseQmp()
    {
        _qmp?.Dispose();
        _qmp = null;
        _noQmp ??= new TargetException(TargetProblem.LetGo, $"{Name} is asked through its gdb stub");
    }

    /// <inheritdoc cref="QemuRunState.Set"/>
    internal void SetRunning(bool runs) => _runState.Set(runs);

    /// <inheritdoc cref="QemuRunState.NotePause"/>
    internal void NotePause() => _runState.NotePause();

    /// <inheritdoc cref="QemuRunState.NoticeStop"/>
    internal bool NoticeStop() => _runState.NoticeStop();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _memory.Dispose();
            _qmp?.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override T? FindAbility<T>()
        where T : class => typeof(T) == typeof(IMemoryWriter) ? _memory as T : _execution as T;

    private static ulong Sum(IReadOnlyList<RamRange> ranges)
    {
        ulong size = 0;
        foreach (RamRange range in ranges)
            size = unchecked(size + range.Block.Size);

        return size;
    }

    /// <summary>Fails now, with its reason, rather than at a command's first read.</summary>
    private void ProbeMemory()
    {
        if (_memory.Blocks.Count > 0)
            _memory.Read(_memory.Blocks[0].Start, stackalloc byte[1]);
    }
}
