using Osprey.Target;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Session.Guests.Programs;

/// <summary>Finds the file that a guest's QEMU was told to boot.</summary>
internal static class BootFile
{
    /// <summary>
    /// The file of <c>-kernel</c> as a path of this host; null when the guest's QEMU is not known, or boots from a
    /// disk.
    /// </summary>
    public static string? Find(GuestTarget target)
    {
        QemuProcess? found =
            target.Qemu?.Process
            ?? (target.Stub?.Endpoint is { } stub ? StubOwner.Find(stub, QemuProcess.FindAll()) : null);
        return found is { CommandLine.Kernel: { } kernel } process ? process.ResolvePath(kernel) : null;
    }
}
