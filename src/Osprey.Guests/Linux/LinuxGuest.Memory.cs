using Osprey.Guests.Linux.Memory;
using Osprey.Guests.Memory;
using Osprey.Guests.Threads;
using Osprey.Target;

namespace Osprey.Guests.Linux;

/// <content>The use of memory.</content>
internal sealed partial class LinuxGuest : IGuestMemoryUse, IGuestMemoryParts, IGuestAddresses
{
    public GuestMemoryUse ReadMemoryUse(GuestKernel kernel, CancellationToken cancellation) =>
        LinuxMemoryUse.Read(kernel, cancellation);

    public GuestList<GuestFreeRange> ReadFreeRanges(GuestKernel kernel, CancellationToken cancellation) =>
        throw new TargetException(
            TargetProblem.NotAnswered,
            "the guest runs Linux: its free pages are not listed; osprey memory --zones shows how many each zone has"
        );

    public GuestList<GuestMemoryZone> ReadZones(GuestKernel kernel, CancellationToken cancellation) =>
        LinuxZones.Read(kernel, cancellation);

    public GuestList<GuestMemoryGroup> ReadMemoryGroups(GuestKernel kernel, CancellationToken cancellation) =>
        LinuxMemoryGroups.Read(kernel, cancellation);

    public GuestList<GuestSlabCache> ReadSlabCaches(GuestKernel kernel, CancellationToken cancellation) =>
        LinuxSlabCaches.Read(kernel, cancellation);

    public IGuestAddressBook ReadAddresses(
        GuestKernel kernel,
        GuestThreadList? threads,
        CancellationToken cancellation
    ) => new LinuxAddressBook(kernel, threads, Identity.KernelAddress);
}
