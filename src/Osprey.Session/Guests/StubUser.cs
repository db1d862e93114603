using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Session.Guests;

/// <summary>
/// Tells who is connected to the gdb stub of a QEMU of this host, by the kernel's tables of connections.
/// </summary>
public static class StubUser
{
    /// <summary>
    /// Finds the program that is connected to a QEMU's stub: its name and number, or its address where it is on another
    /// host; null when none is, or that can't be seen.
    /// </summary>
    public static string? Find(QemuProcess process)
    {
        if (StubOwner.FindStub(process) is not { } stub)
            return null;

        try
        {
            return GdbEndpoint.Parse(stub).FindClient();
        }
        catch (TargetException)
        {
            return null;
        }
    }
}
