using Osprey.Guests.Memory;
using Osprey.Guests.Osv.Memory;

namespace Osprey.Guests.Osv;

/// <content>Memory and mappings.</content>
internal sealed partial class OsvGuest : IGuestMemoryUse, IGuestMappings
{
    public GuestMemoryUse ReadMemoryUse(GuestKernel kernel, CancellationToken cancellation) =>
        OsvMemoryUse.Read(kernel, cancellation);

    public GuestList<GuestFreeRange> ReadFreeRanges(GuestKernel kernel, CancellationToken cancellation) =>
        OsvFreeRanges.Read(kernel, cancellation);

    public GuestList<GuestMapping> ReadMappings(GuestKernel kernel, CancellationToken cancellation) =>
        OsvMappings.Read(kernel, cancellation);

    public GuestList<GuestLinearMap> ReadLinearMaps(GuestKernel kernel, CancellationToken cancellation) =>
        OsvMappings.ReadLinear(kernel, cancellation);
}
