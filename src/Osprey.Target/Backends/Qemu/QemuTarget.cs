using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Qemu.Live;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu;

/// <summary>
/// A guest of a QEMU on this host, read while it runs: its RAM straight from the process, the rest by QMP. It is only
/// paused when <see cref="Pause"/> asks for it.
/// </summary>
public sealed class QemuTarget : GuestTarget
{
    private const string QmpAdvice = "start QEMU with: -qmp unix:/tmp/osprey.qmp,server=on,wait=off";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly QmpClient? _qmp;
    private readonly string? _noQmp;
    private readonly QemuMemory _memory;
    private readonly List<string> _notes = [];
    private readonly Stopwatch _paused = new();
    private readonly bool _wasRunning;
    private readonly Lock _pausing = new();
    private readonly QemuExecution? _execution;
    private PausedGuest? _pause;
    private bool _hasLeft;
    private bool _runs; // or would, were it not for a pause

    private QemuTarget(QemuProcess process, QmpClient? qmp, string? noQmp, bool mapped, TargetPermissions permissions)
    {
        Process = process;
        Permissions = permissions;
        _qmp = qmp;
        _noQmp = noQmp;
        (_wasRunning, CpuCount, RamSize) = qmp is null
            ? (true, process.CommandLine.CpuCount, process.CommandLine.MemorySize)
            : (ReadIsRunning(qmp), ReadCpuCount(qmp), ReadRamSize(qmp) ?? process.CommandLine.MemorySize);
        _runs = _wasRunning;
        _execution = qmp is null ? null : new QemuExecution(this);
        IReadOnlyList<RamRange> ranges = qmp is null ? InferRanges(process) : ReadRanges(qmp);
        _memory = QemuMemory.Open(process, ranges, mapped);
        ProbeMemory();
    }

    /// <summary>The QEMU.</summary>
    public QemuProcess Process { get; }

    /// <inheritdoc/>
    public override string Name =>
        Process.CommandLine.GuestName is { } name
            ? $"qemu pid {Process.ProcessId} ({name})"
            : $"qemu pid {Process.ProcessId}";

    /// <inheritdoc/>
    public override TargetAccess Access => _runs && !_paused.IsRunning ? TargetAccess.Live : TargetAccess.Paused;

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
    public override TimeSpan PausedFor => _paused.Elapsed;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => _notes;

    /// <summary>Reaches a guest. Without QMP its registers can't be read, and its RAM map is inferred.</summary>
    /// <param name="process">The QEMU.</param>
    /// <param name="mapped">Whether a shared memory backend is mapped rather than read through the process.</param>
    /// <param name="permissions">What the user allowed beyond reading.</param>
    /// <exception cref="TargetException">Neither QMP nor the process's memory can be reached.</exception>
    public static QemuTarget Attach(
        QemuProcess process,
        bool mapped = true,
        TargetPermissions permissions = TargetPermissions.None
    )
    {
        string? problem = null;
        foreach (QemuSocket socket in process.CommandLine.QmpSockets)
        {
            if (socket.Resolve(process) is not { } endpoint)
                continue;

            QmpClient qmp;
            try
            {
                qmp = QmpClient.Connect(endpoint, s_timeout);
            }
            catch (Exception exception) when (exception is TargetException or QmpException)
            {
                problem ??= exception.Message;
                continue;
            }

            // What fails from here on, such as reading memory that is not for this user, fails without QMP as well.
            return Attach(process, qmp, null, mapped, permissions);
        }

        problem ??= $"qemu pid {process.ProcessId} has no QMP socket";
        return Attach(process, null, problem, mapped, permissions);
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

    /// <inheritdoc/>
    public override RegisterSet ReadRegisters(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        if (cpu >= CpuCount)
            throw new TargetException($"the guest has no vCPU {cpu}: it has {CpuCount}, counted from 0");

        QmpClient qmp = _qmp ?? throw new TargetException(TargetProblem.NoQmp, $"registers can't be read: {_noQmp}");
        try
        {
            return RegisterText.Parse(qmp.ExecuteHuman("info registers", cpu));
        }
        catch (QmpException exception)
        {
            throw new TargetException($"registers of vCPU {cpu} can't be read: {exception.Message}", exception);
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
            throw new TargetException($"registers can't be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public override IDisposable Pause()
    {
        lock (_pausing)
            return PauseAlone();
    }

    /// <summary>Lets the guest run, or stops it, until it is told otherwise or left.</summary>
    internal void SetRunning(bool runs)
    {
        lock (_pausing)
        {
            ThrowIfLeft();
            if (_paused.IsRunning)
                throw new TargetException(TargetProblem.BeingRead, $"{Name} is paused while it is read");

            SetRunningAlone(runs);
        }
    }

    /// <summary>Asks whether a guest that runs was stopped by somebody else.</summary>
    internal bool NoticeStop()
    {
        lock (_pausing)
        {
            ThrowIfLeft();
            if (!_runs || _qmp is null)
                return false;

            try
            {
                _runs = ReadIsRunning(_qmp);
            }
            catch (QmpException exception)
            {
                throw new TargetException(TargetProblem.CommandFailed, $"{Name}: {exception.Message}", exception);
            }

            if (!_runs)
                Generation.Advance();

            return !_runs;
        }
    }

    /// <inheritdoc/>
    public override void Leave()
    {
        lock (_pausing)
        {
            _hasLeft = true;
            try
            {
                _pause?.Dispose();
                SetRunningAlone(_wasRunning);
            }
            catch (TargetException)
            {
                // QEMU is gone, or does not answer: there is nobody left to tell.
            }
        }
    }

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

    private void SetRunningAlone(bool runs)
    {
        if (_runs == runs || _qmp is null)
            return;

        Generation.Advance();
        try
        {
            _qmp.Execute(runs ? "cont" : "stop");
            _runs = runs;
        }
        catch (QmpException exception)
        {
            throw new TargetException(
                TargetProblem.CommandFailed,
                $"{Name} can't be {(runs ? "let run" : "stopped")}: {exception.Message}",
                exception
            );
        }
        finally
        {
            Generation.Advance();
        }
    }

    private IDisposable PauseAlone()
    {
        if (!_runs || _paused.IsRunning)
            return base.Pause();

        QmpClient qmp = _qmp ?? throw new TargetException(TargetProblem.NoQmp, $"the guest can't be paused: {_noQmp}");
        ThrowIfLeft();
        _paused.Start();
        try
        {
            qmp.Execute("stop");
            Generation.Advance();
        }
        catch (QmpException exception)
        {
            _paused.Stop();
            throw new TargetException($"the guest can't be paused: {exception.Message}", exception);
        }
        catch
        {
            // An answer that is late may still come true: QEMU does one after the other, so it is undone whenever that
            // is.
            Resume(qmp);
            throw;
        }

        return _pause = new PausedGuest(this, qmp);
    }

    private static QemuTarget Attach(
        QemuProcess process,
        QmpClient? qmp,
        string? noQmp,
        bool mapped,
        TargetPermissions permissions
    )
    {
        try
        {
            return new QemuTarget(process, qmp, noQmp, mapped, permissions);
        }
        catch (QmpException exception)
        {
            qmp?.Dispose();
            throw new TargetException($"qemu pid {process.ProcessId}: {exception.Message}", exception);
        }
        catch
        {
            qmp?.Dispose();
            throw;
        }
    }

    private static bool ReadIsRunning(QmpClient qmp) =>
        qmp.Execute("query-status") is { ValueKind: JsonValueKind.Object } status
        && status.TryGetProperty("running", out JsonElement running)
        && running.ValueKind == JsonValueKind.True;

    private static int ReadCpuCount(QmpClient qmp)
    {
        JsonElement cpus = qmp.Execute("query-cpus-fast");
        return cpus.ValueKind == JsonValueKind.Array ? Math.Min(cpus.GetArrayLength(), 4096) : 0;
    }

    /// <summary>The memory that the guest was started with, and that was plugged in since.</summary>
    private static ulong? ReadRamSize(QmpClient qmp)
    {
        JsonElement summary = qmp.Execute("query-memory-size-summary");
        return GetSize(summary, "base-memory") is { } bytes
            ? unchecked(bytes + (GetSize(summary, "plugged-memory") ?? 0))
            : null;
    }

    private static ulong? GetSize(JsonElement summary, string name) =>
        summary.ValueKind == JsonValueKind.Object
        && summary.TryGetProperty(name, out JsonElement size)
        && size.ValueKind == JsonValueKind.Number
        && size.TryGetUInt64(out ulong bytes)
            ? bytes
            : null;

    private List<RamRange> ReadRanges(QmpClient qmp)
    {
        var ranges = new List<RamRange>();
        foreach (MemoryTreeRow row in MemoryTreeText.Parse(qmp.ExecuteHuman("info mtree -f")))
        {
            var block = new MemoryBlock(row.Start, row.Size, row.Kind, row.Block);
            if (ReadHostAddress(qmp, row.Start.Value) is { } address && row.Size <= ulong.MaxValue - address)
                ranges.Add(new RamRange(block, address));
            else
                _notes.Add(
                    $"{row.Start} to {new PhysicalAddress(row.Start.Value + (row.Size - 1))} ({row.Block}) "
                        + "can't be read: QEMU gives no address for it"
                );
        }

        return ranges;
    }

    private List<RamRange> InferRanges(QemuProcess process)
    {
        string reason = $"{_noQmp}; {QmpAdvice}";
        try
        {
            IReadOnlyList<RamRange> ranges = RamInference.Infer(
                process.CommandLine,
                ProcessMapping.ReadAll(process.ProcessId)
            );
            if (ranges.Count == 0)
                throw new TargetException(
                    TargetProblem.NoQmp,
                    $"the RAM of qemu pid {process.ProcessId} can't be found: {_noQmp}, "
                        + "and no mapping has the size of its memory"
                );

            _notes.Add($"RAM was found by its size, registers can't be read: {reason}");
            return [.. ranges];
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new TargetException(
                TargetProblem.NotPermitted,
                $"qemu pid {process.ProcessId} can't be read: not permitted",
                exception
            );
        }
        catch (IOException exception)
        {
            throw new TargetException(
                TargetProblem.GuestEnded,
                $"the guest ended: qemu pid {process.ProcessId} does not run any more",
                exception
            );
        }
    }

    /// <summary>
    /// QEMU's address of a guest-physical one: the last word of what <c>gpa2hva</c> says, if it says one.
    /// </summary>
    private static ulong? ReadHostAddress(QmpClient qmp, ulong address)
    {
        string text = qmp.ExecuteHuman(string.Create(CultureInfo.InvariantCulture, $"gpa2hva 0x{address:x}")).TrimEnd();
        int at = text.LastIndexOf(" is 0x", StringComparison.Ordinal);
        return
            at >= 0
            && ulong.TryParse(
                text.AsSpan(at + 6),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out ulong host
            )
            ? host
            : null;
    }

    /// <summary>Fails now, with its reason, rather than at a command's first read.</summary>
    private void ProbeMemory()
    {
        if (_memory.Blocks.Count > 0)
            _memory.Read(_memory.Blocks[0].Start, stackalloc byte[1]);
    }

    private void Resume(QmpClient qmp)
    {
        try
        {
            qmp.Execute("cont");
        }
        catch (Exception exception) when (exception is TargetException or QmpException)
        {
            // What went wrong before says more.
        }
        finally
        {
            Generation.Advance();
            _paused.Stop();
        }
    }

    private void ThrowIfLeft()
    {
        if (_hasLeft)
            throw new TargetException(TargetProblem.LetGo, $"{Name} has been let go of");
    }

    private sealed class PausedGuest(QemuTarget target, QmpClient qmp) : IDisposable
    {
        private bool _resumed;

        public void Dispose()
        {
            lock (target._pausing)
                Resume();
        }

        private void Resume()
        {
            if (_resumed)
                return;

            _resumed = true;
            target._pause = null;
            try
            {
                qmp.Execute("cont");
            }
            catch (QmpException exception)
            {
                throw new TargetException(
                    TargetProblem.NotResumed,
                    $"the guest was paused and can't be resumed: {exception.Message}",
                    exception
                );
            }
            finally
            {
                target.Generation.Advance();
                target._paused.Stop();
            }
        }
    }
}
