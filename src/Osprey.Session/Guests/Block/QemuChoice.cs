using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Session.Guests.Block;

/// <summary>Finds the QEMU that a user means, for what is about QEMU itself and not the guest's memory.</summary>
public static class QemuChoice
{
    /// <summary>Finds it.</summary>
    /// <param name="spec">The guest.</param>
    /// <exception cref="TargetException">There is none, there are several, or it is none of this host.</exception>
    public static QemuProcess Find(TargetSpec spec) =>
        spec.Kind switch
        {
            TargetSpecKind.GdbStub => StubOwner.Find(GdbEndpoint.Parse(spec.Value), QemuProcess.FindAll())
                ?? throw new TargetException(
                    TargetProblem.NotSupported,
                    $"gdb:{spec.Value} is not the stub of a QEMU of this host"
                ),
            TargetSpecKind.CoreFile => throw new TargetException(
                TargetProblem.NotSupported,
                "a core file has no drives"
            ),
            TargetSpecKind.Program => throw new TargetException(TargetProblem.NotSupported, "a process has no drives"),
            _ => GuestFinder.FindProcess(spec),
        };
}
