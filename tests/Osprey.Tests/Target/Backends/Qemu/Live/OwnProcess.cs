using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Tests.Target.Backends.Qemu.Live;

/// <summary>The tests' own process in the part of a QEMU.</summary>
internal static class OwnProcess
{
    /// <param name="arguments">QEMU's arguments.</param>
    public static QemuProcess AsQemu(params string[] arguments)
    {
        string[] stat = File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ');
        return new QemuProcess(
            Environment.ProcessId,
            ulong.Parse(stat[19]),
            QemuCommandLine.Parse(["qemu-system-x86_64", .. arguments])
        );
    }
}
