using Osprey.Target;

namespace Osprey.Guests.FileSystems;

/// <summary>An operating system whose file systems' statistics can be read from outside.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestFileSystems
{
    /// <summary>Reads the settings of ZFS, and the sizes and hits of its cache.</summary>
    /// <exception cref="TargetException">ZFS is not loaded, or its variables are not known.</exception>
    GuestList<GuestStatistic> ReadZfs(GuestKernel kernel, CancellationToken cancellation);
}
