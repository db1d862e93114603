using Osprey.Target;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.Guests.Ways;

/// <summary>Memory that a guest was given while it ran.</summary>
public sealed class PluggedMemoryTests
{
    private const int Size = 128 << 20;

    [LinuxGuestFact]
    [Trait("Category", "Slow")]
    public void Memory_PluggedLater_IsReadWhereItIs()
    {
        using var guest = new BareGuest(true, "-m", "64M,slots=2,maxmem=1G", "-machine", "pc");
        using var qmp = new QmpClient(guest.TestQmpSocket);
        Assert.Equal(64UL << 20, ReadSize(guest));
        qmp.Execute(
            "object-add",
            new Dictionary<string, object>
            {
                ["qom-type"] = "memory-backend-memfd",
                ["id"] = "more",
                ["size"] = Size,
                ["share"] = true,
            }
        );
        qmp.Execute(
            "device_add",
            new
            {
                driver = "pc-dimm",
                id = "dimm",
                memdev = "more",
            }
        );

        using QemuTarget target = QemuTarget.Attach(QemuProcess.TryRead(guest.ProcessId)!);
        MemoryBlock plugged = Assert.Single(target.Memory.Blocks, block => block.Name == "more");

        Assert.Equal(new MemoryBlock(new PhysicalAddress(4UL << 30), Size, MemoryBlockKind.Ram, "more"), plugged);
        Assert.Equal((64UL << 20) + Size, target.RamSize);
        Assert.Equal(8, target.Memory.Read(new PhysicalAddress(plugged.End.Value - 8), new byte[16]));
        Assert.Empty(target.Notes);
    }

    private static ulong ReadSize(BareGuest guest)
    {
        using GuestTarget target = QemuTarget.Attach(QemuProcess.TryRead(guest.ProcessId)!);
        return target.RamSize;
    }
}
