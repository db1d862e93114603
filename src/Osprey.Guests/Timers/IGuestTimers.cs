using Osprey.Target;

namespace Osprey.Guests.Timers;

/// <summary>An operating system whose kernel keeps functions to be called later.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestTimers
{
    /// <summary>Lists these functions, the soonest first. The walk is bounded.</summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps no such list.</exception>
    GuestList<GuestCallout> ReadCallouts(GuestKernel kernel, CancellationToken cancellation);
}
