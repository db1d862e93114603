using Osprey.Session.Guests;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Kernel;

/// <summary>
/// The guest of <see cref="LinuxGuestVariant.Calls"/>, with gdb at its stub. While gdb has it stopped, we look into it
/// as well.
/// </summary>
public sealed class CallsGuest() : LinuxGuestFixture(LinuxGuestVariant.Calls)
{
    private GuestSession? _session;
    private KernelGdb? _gdb;

    /// <summary>gdb, started at the first call: the guest stands from then on.</summary>
    internal KernelGdb Gdb
    {
        get
        {
            if (_gdb is null)
            {
                // Where the kernel is, is ours to say; with the wrong place nothing that gdb says would fit.
                using GuestSession session = Open();
                _gdb = new KernelGdb(Guest, unchecked(session.Identity.KernelAddress - KernelGdb.LinkedTo));
            }

            return _gdb;
        }
    }

    /// <summary>Our look into the guest, while gdb has it stopped.</summary>
    internal GuestSession Session
    {
        get
        {
            _ = Gdb;
            _session ??= Open();
            _session.Refresh();
            return _session;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _session?.Dispose();
        _gdb?.Dispose();
        base.Dispose(disposing);
    }

    private GuestSession Open() =>
        GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(Guest.ProcessId)!),
            new GuestSettings
            {
                Cpu = 0,
                NoCache = true,
                ExecutablePath = VmlinuxFactAttribute.Vmlinux,
            }
        );
}
