using Osprey.Target;

namespace Osprey.Guests.Timers;

/// <summary>An operating system that keeps timers for each of its CPUs.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestKernelTimers
{
    /// <summary>Lists the timers that are set, by CPU, the soonest first. The walk is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or not understood.</exception>
    GuestList<GuestKernelTimer> ReadTimers(GuestKernel kernel, CancellationToken cancellation);
}
