using Osprey.Target.Memory;

namespace Osprey.Guests;

/// <summary>The operating system that was recognised in a guest's memory.</summary>
/// <param name="System">Its name, such as "OSv"; "unknown" when none was recognised.</param>
/// <param name="Version">
/// Its version in its own words, such as "v0.57.0" or "6.1.0-37-cloud-amd64"; empty when it says none.
/// </param>
/// <param name="KernelAddress">Virtual address of the kernel's first byte; 0 when no kernel was recognised.</param>
/// <param name="KernelPhysicalAddress">Physical address of that byte.</param>
/// <param name="Signs">The observations that it was recognised by; empty when nothing was.</param>
public sealed record GuestIdentity(
    string System,
    string Version,
    ulong KernelAddress,
    PhysicalAddress KernelPhysicalAddress,
    IReadOnlyList<GuestSign> Signs
)
{
    /// <summary>
    /// Identity of a guest in which no known system was recognised: firmware, a boot loader, another one.
    /// </summary>
    public static GuestIdentity Unknown { get; } = new("unknown", "", 0, default, []);

    /// <summary>The system and its version in words.</summary>
    public string Description => $"{System} {Version}".TrimEnd();

    /// <summary>
    /// The value that is added to a physical address within the kernel's image to get its virtual one, modulo 2^64.
    /// </summary>
    public ulong ImageShift => unchecked(KernelAddress - KernelPhysicalAddress.Value);
}
