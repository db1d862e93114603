using Osprey.Guests.Linux.Types;
using Osprey.Guests.Programs;

namespace Osprey.Guests.Linux;

/// <content>The types that the kernel describes in memory.</content>
internal sealed partial class LinuxGuest : IGuestTypes
{
    public GuestKernelTypes? FindTypes(Func<string, ulong?> findSymbol) =>
        _machine.TryGetSpace() is { } space
            ? KernelBtf.Find(PageTableIsolation.GetKernelSpace(space).Memory, Identity.KernelAddress, findSymbol)
            : null;
}
