using Osprey.Target;

namespace Osprey.Guests.Memory;

/// <summary>An operating system whose map of virtual memory can be listed.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestMappings
{
    /// <summary>Lists what is mapped for programs, lowest address first. The walk is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps no such list.</exception>
    GuestList<GuestMapping> ReadMappings(GuestKernel kernel, CancellationToken cancellation);

    /// <summary>Lists the kernel's own maps of physical memory, lowest address first. The walk is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps no such list.</exception>
    GuestList<GuestLinearMap> ReadLinearMaps(GuestKernel kernel, CancellationToken cancellation);
}
