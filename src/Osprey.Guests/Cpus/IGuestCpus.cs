using Osprey.Guests.Threads;
using Osprey.Target;

namespace Osprey.Guests.Cpus;

/// <summary>An operating system that keeps what its CPUs are and what they do.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestCpus
{
    /// <summary>Lists the CPUs by number, those that are not in use as well.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="threads">All threads: those that run are found among them.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">The kernel is not known, or not understood.</exception>
    GuestList<GuestCpuState> ReadCpus(GuestKernel kernel, GuestThreadList threads, CancellationToken cancellation);
}
