using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Tests.Guests.Ways;

/// <summary>Cores of a guest, of every kind, and all of one moment at which its vCPUs were in their loops.</summary>
internal sealed class GuestCores
{
    private readonly LinuxGuest _guest;

    public GuestCores(LinuxGuest guest)
    {
        _guest = guest;
        using var pause = new GuestPause(guest);
        Registers = pause.Registers;
        bool isSmall = guest.Variant != LinuxGuestVariant.TwoNodes;
        if (isSmall)
        {
            pause.Qmp.Execute("dump-guest-memory", new { paging = false, protocol = $"file:{Elf}" });
            pause.Qmp.Execute("dump-guest-memory", new { paging = true, protocol = $"file:{PagingElf}" });
        }

        pause.Qmp.Execute(
            "dump-guest-memory",
            new
            {
                paging = false,
                protocol = $"file:{Kdump}",
                format = "kdump-zlib",
            }
        );
        using GuestTarget target = QemuTarget.Attach(QemuProcess.TryRead(guest.ProcessId)!);
        OwnResult = CoreWriter.Write(target, Own);
    }

    /// <summary>QEMU's, by physical addresses; not of large guests.</summary>
    public string Elf => PathOf("elf.core");

    /// <summary>QEMU's, of what the vCPUs' page tables map; not of large guests.</summary>
    public string PagingElf => PathOf("paging.core");

    /// <summary>QEMU's, compressed.</summary>
    public string Kdump => PathOf("kdump.core");

    /// <summary>Written by us over the live guest.</summary>
    public string Own => PathOf("own.core");

    /// <summary>What was said of our own.</summary>
    public CoreWriteResult OwnResult { get; }

    /// <summary>What QEMU said of the vCPUs' registers at that moment.</summary>
    public IReadOnlyList<RegisterSet> Registers { get; }

    private string PathOf(string name) => Path.Combine(_guest.Folder, name);
}
