using Osprey.Session.Guests;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Tests.Guests.Ways;

/// <summary>All ways to look into a guest: whatever is asked, each must give the same answer.</summary>
internal static class WaysToAGuest
{
    private static readonly WayToAGuest[] s_live =
    [
        new("live", true, true, fixture => QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!)),
        new(
            "gdb stub",
            true,
            true,
            fixture => GuestFinder.Open(TargetSpec.Parse($"gdb:unix:{fixture.Guest.GdbSocket}"))
        )
        {
            IsSlow = true,
        },
    ];

    // Where memory is mapped, it can be read through the process as well.
    private static readonly WayToAGuest s_process = new(
        "live, through the process",
        true,
        true,
        fixture => QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!, mapped: false)
    );

    private static readonly WayToAGuest[] s_smallCores =
    [
        new("core of dump-guest-memory", false, true, fixture => CoreTarget.Open(fixture.Cores.Elf)),
        new("core of dump-guest-memory with paging", false, false, fixture => CoreTarget.Open(fixture.Cores.PagingElf)),
    ];

    private static readonly WayToAGuest[] s_cores =
    [
        new("core of dump-guest-memory, kdump", false, true, fixture => CoreTarget.Open(fixture.Cores.Kdump)),
        new("core of our own", false, true, fixture => CoreTarget.Open(fixture.Cores.Own)),
    ];

    /// <summary>Those of a variant. Cores that would have all bytes of a large guest are left out.</summary>
    public static IReadOnlyList<WayToAGuest> Of(LinuxGuestVariant variant)
    {
        bool isShared = variant == LinuxGuestVariant.Memfd || variant == LinuxGuestVariant.MemoryFile;
        bool isSmall = variant != LinuxGuestVariant.TwoNodes;
        return
        [
            .. s_live,
            .. isShared ? [s_process] : Array.Empty<WayToAGuest>(),
            .. isSmall ? s_smallCores : [],
            .. s_cores,
        ];
    }
}
