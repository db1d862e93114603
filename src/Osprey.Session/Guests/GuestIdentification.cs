using Osprey.Guests;
using Osprey.Guests.Linux;
using Osprey.Guests.Osv;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests;

/// <summary>Finds out what runs in a guest.</summary>
internal static class GuestIdentification
{
    /// <summary>Tries those systems first that are known without an address space.</summary>
    /// <param name="memory">Physical memory.</param>
    /// <param name="space">Gives the address space, which may not be had.</param>
    public static GuestIdentity Identify(IPhysicalMemory memory, Func<AddressSpace> space)
    {
        if (OsvDetector.Detect(memory) is { } osv)
            return osv;

        try
        {
            AddressSpace kernel = space().ForKernel();
            GuestIdentity? linux = LinuxDetector.Detect(
                kernel.Memory,
                address => kernel.Memory.TryTranslate(address, out PhysicalAddress physical) ? physical : null
            );
            return linux ?? Unknown();
        }
        catch (TargetException)
        {
            return Unknown(); // without page tables there is no telling; the command that needs them says so
        }
    }

    private static GuestIdentity Unknown() => new(GuestKind.Unknown, "", 0, default);
}
