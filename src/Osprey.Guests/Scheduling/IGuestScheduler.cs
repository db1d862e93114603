using Osprey.Guests.Threads;
using Osprey.Target;

namespace Osprey.Guests.Scheduling;

/// <summary>An operating system whose scheduler can be looked into from outside.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestScheduler
{
    /// <summary>Lists, by CPU, the thread that runs and those that could. The walks are bounded.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="threads">All threads: the one that runs is found among them.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">The kernel is not known, or its scheduler is not understood.</exception>
    GuestList<GuestRunQueue> ReadRunQueues(GuestKernel kernel, GuestThreadList threads, CancellationToken cancellation);

    /// <summary>Lists the threads that wait for memory, the first to be served first.</summary>
    /// <exception cref="TargetException">The kernel is not known, or keeps no such list.</exception>
    GuestList<GuestMemoryWaiter> ReadMemoryWaiters(GuestKernel kernel, CancellationToken cancellation);
}
