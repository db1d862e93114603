using Osprey.Target;

namespace Osprey.Guests.Memory;

/// <summary>An operating system that tells what its memory is used for, and which of it is free.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestMemoryUse
{
    /// <summary>Reads the kernel's own counters of memory.</summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps no such counters.</exception>
    GuestMemoryUse ReadMemoryUse(GuestKernel kernel, CancellationToken cancellation);

    /// <summary>
    /// Lists the ranges of free memory, the largest first. The walk is bounded; where the guest changed its lists
    /// meanwhile, they are walked again a few times.
    /// </summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps no such list.</exception>
    GuestList<GuestFreeRange> ReadFreeRanges(GuestKernel kernel, CancellationToken cancellation);
}
