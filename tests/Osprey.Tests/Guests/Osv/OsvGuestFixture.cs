using Osprey.Session.Guests;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Osv;

/// <summary>
/// An OSv guest with two vCPUs that was up and busy, and was paused then. It stays so: all tests see one moment.
/// </summary>
public sealed class OsvGuestFixture : IDisposable
{
    private readonly Lazy<OsvGuest> _guest = new(Boot);

    /// <summary>The guest; booted when the first test asks for it.</summary>
    internal OsvGuest Guest => _guest.Value;

    /// <summary>A session over it.</summary>
    internal GuestSession Open() =>
        GuestSession.Over(
            QemuTarget.Attach(QemuProcess.TryRead(Guest.ProcessId)!),
            new GuestSettings { ExecutablePath = OsvBuild.Loader, NoCache = true }
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_guest.IsValueCreated)
            _guest.Value.Dispose();
    }

    private static OsvGuest Boot()
    {
        var guest = new OsvGuest(2);
        try
        {
            guest.WaitForBoot();
            guest.TryAsk("/os/threads");
            using var qmp = new QmpClient(guest.TestQmpSocket);
            qmp.Execute("stop");
            return guest;
        }
        catch
        {
            guest.Dispose();
            throw;
        }
    }
}
