using Osprey.Tests.Guests.Capture;
using Osprey.Tests.Symbols.Oracle;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>The packets of an OSv guest, read out of its memory, are those that QEMU says it carried.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class OsvCaptureGuestTests(ITestOutputHelper output)
{
    private const int Clients = 4;

    [OsvBuildFact("qemu-system-x86_64")]
    public void Capture_OfAGuest_EqualsQemusDump()
    {
        using var guest = new OsvGuest(2, dumpsNetwork: true);
        if (!guest.HasServer)
            return; // the image has nothing that answers

        guest.WaitForBoot();
        (int dumped, int captured) = CaptureProcess.Compare(
            guest.NetworkDump,
            guest.PathOf("osv.pcapng"),
            () =>
                Parallel.For(
                    0,
                    Clients,
                    new ParallelOptions { MaxDegreeOfParallelism = Clients },
                    i => guest.TryAsk(i % 2 == 0 ? "/os/threads" : "/os/version")
                ),
            "--target",
            guest.Name,
            "--exe",
            OsvBuild.Loader
        );
        output.WriteLine($"{captured} of {dumped} frames");
        Assert.True(dumped >= 8 * Clients, $"{dumped} frames");
        Assert.True(captured > 0);
    }
}
