namespace Osprey.Guests.Threads;

/// <summary>
/// An operating system that keeps which thread each CPU runs where it can be looked up again and again, cheaply.
/// </summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestRunning
{
    /// <summary>Finds the places, one for each CPU; none when the kernel does not have them.</summary>
    IReadOnlyList<GuestRunningPlace> FindRunningPlaces(GuestKernel kernel);
}
