using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Backends;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Execution;

namespace Osprey.Session.Guests;

/// <summary>
/// Reaches guests to steer them: through the gdb stub of their QEMU, with memory out of its RAM where it is one of this
/// host.
/// </summary>
public static class SteeredGuest
{
    /// <summary>Reaches a guest. One that can't be steered is reached to look only.</summary>
    /// <param name="settings">The guest, the means for it, and what the user allowed.</param>
    /// <param name="cancellation">The user's wish to end early. The guest is left as it was found.</param>
    /// <exception cref="TargetException">It can't be reached.</exception>
    /// <exception cref="Binary.BadDataException">A core file is malformed.</exception>
    /// <exception cref="IOException">A core file can't be opened.</exception>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public static GuestSession Open(GuestSettings settings, CancellationToken cancellation)
    {
        if (!settings.Permissions.HasFlag(TargetPermissions.Execute))
            return GuestSession.Open(settings, cancellation);

        GuestTarget target = OpenTarget(settings, cancellation);
        try
        {
            return GuestSession.Over(target, settings);
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Counts the breakpoints that an osprey left in a QEMU when it was killed. While one is connected to its gdb stub,
    /// those are the ones that it has inserted.
    /// </summary>
    public static int CountLeftBreakpoints(QemuProcess process) => BreakpointJournal.Open(process).Left.Count;

    private static GuestTarget OpenTarget(GuestSettings settings, CancellationToken cancellation)
    {
        GdbOptions options = GdbOptions.Default with { Permissions = settings.Permissions };
        if (settings.Target.Kind == TargetSpecKind.GdbStub)
        {
            string stub = settings.Target.Value;
            return
                StubOwner.Find(GdbEndpoint.Parse(stub), QemuProcess.FindAll()) is { } owner
                && QemuTarget.CanReadMemory(owner)
                ? Join(QemuTarget.Attach(owner, cancellation: cancellation), stub, options, cancellation)
                : GuestFinder.Open(settings.Target, settings.QmpAddress, cancellation, settings.Permissions);
        }

        GuestTarget target = GuestFinder.Open(settings.Target, settings.QmpAddress, cancellation);
        return target is QemuTarget qemu && StubOwner.FindStub(qemu.Process) is { } found
            ? Join(qemu, found, options, cancellation)
            : target;
    }

    private static SteeredQemuTarget Join(
        QemuTarget qemu,
        string stub,
        GdbOptions options,
        CancellationToken cancellation
    )
    {
        var journal = BreakpointJournal.Open(qemu.Process);
        SteeredQemuTarget target = SteeredQemuTarget.Join(
            qemu,
            joined => GdbTarget.Connect(stub, joined, cancellation),
            options with
            {
                NoteBreakpoint = journal.Note,
            }
        );
        target.Stub.TendLeft(journal.Left);
        return target;
    }
}
