using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Session.Guests;

/// <summary>Asks QMP whether the guest behind a stub runs, before a connection to the stub stops it.</summary>
/// <remarks>
/// The stub of QEMU from 8.1 on does not tell a guest that ran from one that a user paused. Its QMP does, where the
/// QEMU is one of this host and has a socket that is free.
/// </remarks>
internal static class StubState
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(0.5);

    /// <summary>Whether the guest runs; null when that can't be found out.</summary>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public static bool? AskIsRunning(string endpoint, CancellationToken cancellation)
    {
        GdbEndpoint stub;
        try
        {
            stub = GdbEndpoint.Parse(endpoint);
        }
        catch (TargetException)
        {
            return null; // connecting says it
        }

        if (StubOwner.Find(stub, QemuProcess.FindAll()) is not { } process)
            return null;

        using QmpClient? qmp = QmpFinder.Connect(process, null, s_timeout, cancellation, out QmpEndpoint? place, out _);
        if (qmp is null)
            return null;

        try
        {
            QmpFinder.RequireOf(qmp, place!, process);
            return QemuFacts.AskIsRunning(qmp);
        }
        catch (Exception failed) when (failed is QmpException or TargetException)
        {
            return null;
        }
    }
}
