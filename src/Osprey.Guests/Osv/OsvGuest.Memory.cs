using Osprey.Guests.Memory;
using Osprey.Guests.Osv.Memory;
using Osprey.Guests.Threads;

namespace Osprey.Guests.Osv;

/// <content>Memory and mappings.</content>
internal sealed partial class OsvGuest : IGuestMemoryUse, IGuestMappings, IGuestAllocations, IGuestAddresses
{
    public GuestMemoryUse ReadMemoryUse(GuestKernel kernel, CancellationToken cancellation) =>
        OsvMemoryUse.Read(kernel, cancellation);

    public GuestList<GuestFreeRange> ReadFreeRanges(GuestKernel kernel, CancellationToken cancellation) =>
        OsvFreeRanges.Read(kernel, cancellation);

    public GuestList<GuestMapping> ReadMappings(GuestKernel kernel, CancellationToken cancellation) =>
        OsvMappings.Read(kernel, cancellation);

    public GuestList<GuestLinearMap> ReadLinearMaps(GuestKernel kernel, CancellationToken cancellation) =>
        OsvMappings.ReadLinear(kernel, cancellation);

    public GuestAllocationList ReadAllocations(GuestKernel kernel, CancellationToken cancellation) =>
        OsvAllocations.Read(kernel, cancellation);

    public GuestSwitch FindAllocationSwitch(GuestKernel kernel) => OsvAllocations.FindSwitch(kernel);

    public bool IsRecorder(string function) => OsvAllocations.IsRecorder(function);

    public IGuestAddressBook ReadAddresses(
        GuestKernel kernel,
        GuestThreadList? threads,
        CancellationToken cancellation
    ) => OsvAddressBook.Read(kernel, threads, cancellation);
}
