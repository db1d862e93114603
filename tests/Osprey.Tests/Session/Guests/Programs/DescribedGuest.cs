using Osprey.Guests.Programs;
using Osprey.Symbols.Types.Btf;
using Osprey.Tests.Symbols.Types.Btf;

namespace Osprey.Tests.Session.Guests.Programs;

/// <summary>A system whose kernel describes its types in memory, or could, and does not.</summary>
internal sealed class DescribedGuest(bool hasTypes) : ToyGuest, IGuestTypes
{
    /// <summary>The number of times that the types were searched for.</summary>
    public int Searches { get; private set; }

    public GuestKernelTypes? FindTypes(Func<string, ulong?> findSymbol)
    {
        Searches++;
        return hasTypes
            ? new GuestKernelTypes(
                BtfTypeSource.Read(BtfSamples.Kernel().Build(), "btf", findSymbol: findSymbol),
                "BTF",
                0x12345000,
                4_119_994
            )
            : null;
    }
}
