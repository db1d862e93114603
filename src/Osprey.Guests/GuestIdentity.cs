using Osprey.Target.Memory;

namespace Osprey.Guests;

/// <summary>What runs in a guest, as found in its memory.</summary>
/// <param name="Kind">Which operating system.</param>
/// <param name="Version">
/// Its version in its own words, such as "v0.57.0" or "6.1.0-37-cloud-amd64"; empty when it says none.
/// </param>
/// <param name="KernelAddress">Virtual address of the kernel's first byte.</param>
/// <param name="KernelPhysicalAddress">Where that byte lies in physical memory.</param>
public sealed record GuestIdentity(
    GuestKind Kind,
    string Version,
    ulong KernelAddress,
    PhysicalAddress KernelPhysicalAddress
)
{
    /// <summary>The system and its version in words.</summary>
    public string Description =>
        Kind switch
        {
            GuestKind.Osv => $"OSv {Version}".TrimEnd(),
            GuestKind.Linux => $"Linux {Version}".TrimEnd(),
            _ => "unknown",
        };

    /// <summary>
    /// What is added to a physical address within the kernel's image to get its virtual one, modulo 2^64.
    /// </summary>
    public ulong ImageShift => unchecked(KernelAddress - KernelPhysicalAddress.Value);
}
