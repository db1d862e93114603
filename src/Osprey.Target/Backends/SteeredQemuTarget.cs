using Osprey.Target.Architectures;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends;

/// <summary>
/// A guest of a QEMU on this host that is steered through its gdb stub, while memory is read straight from its RAM:
/// that is some times faster, and goes on while the guest runs.
/// </summary>
public sealed class SteeredQemuTarget : GuestTarget
{
    private readonly QemuTarget _qemu;
    private readonly GdbTarget _stub;

    private SteeredQemuTarget(QemuTarget qemu, GdbTarget stub)
    {
        _qemu = qemu;
        _stub = stub;
        Permissions = stub.Permissions;
    }

    /// <inheritdoc/>
    public override string Name => _qemu.Name;

    /// <inheritdoc/>
    public override QemuTarget Qemu => _qemu;

    /// <inheritdoc/>
    public override GdbTarget Stub => _stub;

    /// <inheritdoc/>
    public override TargetAccess Access => _stub.Access;

    /// <inheritdoc/>
    public override Architecture Architecture => _stub.Architecture;

    /// <inheritdoc/>
    public override IPhysicalMemory Memory => _qemu.Memory;

    /// <inheritdoc/>
    public override ulong RamSize => _qemu.RamSize;

    /// <inheritdoc/>
    public override int CpuCount => _stub.CpuCount;

    /// <inheritdoc/>
    public override TimeSpan PausedFor => _stub.PausedFor;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => [.. _qemu.Notes, .. _stub.Notes];

    /// <summary>Joins both ways to one guest. The stub must count in the generation of QEMU's memory.</summary>
    /// <param name="qemu">The QEMU; owned from then on.</param>
    /// <param name="connect">Connects to its stub, with the options that it is given.</param>
    /// <param name="options">How to reach the stub.</param>
    /// <exception cref="TargetException">The stub can't be reached; the QEMU is let go of then.</exception>
    public static SteeredQemuTarget Join(QemuTarget qemu, Func<GdbOptions, GdbTarget> connect, GdbOptions options)
    {
        try
        {
            // Connecting stops the guest.
            if (qemu.Access == TargetAccess.Live)
                qemu.NotePause();

            GdbTarget stub = connect(
                options with
                {
                    Generation = qemu.Memory.Generation,
                    Memory = qemu.Memory,
                    WasRunning = qemu.AskRunState() is null ? null : qemu.Access == TargetAccess.Live,
                }
            );
            qemu.CloseQmp();
            return new SteeredQemuTarget(qemu, stub);
        }
        catch
        {
            qemu.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override RegisterSet ReadRegisters(int cpu) => _stub.ReadRegisters(cpu);

    /// <inheritdoc/>
    public override void Leave() => _stub.Leave();

    /// <inheritdoc/>
    public override void LeaveAs(bool runs) => _stub.LeaveAs(runs);

    /// <inheritdoc/>
    protected override T? FindAbility<T>()
        where T : class => _stub.Find<T>();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;

        _stub.Dispose();
        _qemu.Dispose();
    }
}
