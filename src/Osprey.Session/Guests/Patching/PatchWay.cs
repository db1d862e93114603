using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests.Patching;

/// <summary>A way to write a guest's memory, by which its vCPUs stand still until it is disposed.</summary>
/// <remarks>
/// A QEMU without KVM runs code that it translated before, and does not notice when its memory is written from outside
/// of its process. Its gdb stub does notice: so code is written through the stub there, for the moment that it takes,
/// also where the guest is read out of the process. With KVM, and for data, the process's memory will do, while QMP
/// keeps the vCPUs still.
/// </remarks>
internal sealed class PatchWay : IDisposable
{
    private readonly IDisposable _pause;
    private readonly GuestTarget _target;
    private readonly TimeSpan _pausedBefore;

    /// <param name="target">The guest, paused.</param>
    /// <param name="memory">Its memory, read past all that was kept from before.</param>
    /// <param name="writer">Writes its memory.</param>
    /// <param name="pause">Lets it run when it is disposed.</param>
    /// <param name="pausedBefore">The time for which it had been paused before this.</param>
    internal PatchWay(
        GuestTarget target,
        IPhysicalMemory memory,
        IMemoryWriter writer,
        IDisposable pause,
        TimeSpan pausedBefore
    )
    {
        _target = target;
        _pause = pause;
        _pausedBefore = pausedBefore;
        Memory = memory;
        Writer = writer;
    }

    /// <summary>The guest, paused, as registers are read.</summary>
    public GuestTarget Target => _target;

    /// <summary>Its memory, read past all that was kept from before.</summary>
    public IPhysicalMemory Memory { get; }

    /// <summary>Writes its memory.</summary>
    public IMemoryWriter Writer { get; }

    /// <summary>The way in words.</summary>
    public string Name => _target.Name;

    /// <summary>The time that the vCPUs have stood still for this.</summary>
    public TimeSpan PausedFor => _target.PausedFor - _pausedBefore;

    /// <summary>Pauses a guest.</summary>
    /// <param name="session">The guest, reached with the permission to write it.</param>
    /// <param name="hasCode">Whether code is to be written.</param>
    /// <param name="cancellation">The user's wish to end early.</param>
    /// <exception cref="TargetException">It can't be written in a way that does, or it can't be paused.</exception>
    public static PatchWay Open(GuestSession session, bool hasCode, CancellationToken cancellation)
    {
        GuestTarget target = session.Target;
        IMemoryWriter writer = target.Require<IMemoryWriter>();
        TimeSpan before = target.PausedFor;
        if (target is not QemuTarget qemu)
        {
            target.Refresh();
            return new PatchWay(target, session.Physical, writer, target.Pause(), before);
        }

        if (!hasCode || qemu.AskHasKvm() == true)
            return new PatchWay(qemu, qemu.Memory, writer, qemu.Pause(), before);

        GdbTarget stub = GdbTarget.Connect(
            FindStub(qemu.Process),
            GdbOptions.Default with
            {
                Permissions = target.Permissions,
                WasRunning = qemu.AskRunState() is null ? null : target.Access == TargetAccess.Live,
            },
            cancellation
        );
        return new PatchWay(stub, qemu.Memory, stub.Require<IMemoryWriter>(), stub, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public void Dispose() => _pause.Dispose();

    private static string FindStub(QemuProcess process) =>
        StubOwner.FindStub(process)
        ?? throw new TargetException(
            TargetProblem.StubNeeded,
            $"QEMU (pid {process.ProcessId}) runs this guest without KVM, and would go on with code that it translated "
                + "before: code can only be written through its gdb stub, and it was started without one (type "
                + "gdbserver into its monitor)"
        );
}
