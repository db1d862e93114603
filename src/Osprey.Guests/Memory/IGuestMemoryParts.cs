using Osprey.Target;

namespace Osprey.Guests.Memory;

/// <summary>
/// An operating system whose memory is in zones, is counted by groups of processes, and is given out by caches of
/// objects.
/// </summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestMemoryParts
{
    /// <summary>Lists the zones, node by node.</summary>
    /// <exception cref="TargetException">The kernel is not known, or not understood.</exception>
    GuestList<GuestMemoryZone> ReadZones(GuestKernel kernel, CancellationToken cancellation);

    /// <summary>Lists the groups, each before those below it. The walk is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or counts no groups.</exception>
    GuestList<GuestMemoryGroup> ReadMemoryGroups(GuestKernel kernel, CancellationToken cancellation);

    /// <summary>Lists the caches of objects, the one that takes the most memory first. The walk is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or not understood.</exception>
    GuestList<GuestSlabCache> ReadSlabCaches(GuestKernel kernel, CancellationToken cancellation);
}
