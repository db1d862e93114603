using Osprey.Guests.Threads;
using Osprey.Target;

namespace Osprey.Guests.Network;

/// <summary>An operating system whose network interfaces and sockets can be listed from outside.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestNetwork
{
    /// <summary>Lists the interfaces that a process sees. The walk is bounded.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">A thread of the process.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">The process ended, or the kernel is not known.</exception>
    GuestList<GuestInterface> ReadInterfaces(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    );

    /// <summary>Lists the sockets of the network that a process sees. The walk is bounded.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">A thread of the process.</param>
    /// <param name="threads">All threads, to find out who has a socket open.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">The process ended, or the kernel is not known.</exception>
    GuestList<GuestSocket> ReadSockets(
        GuestKernel kernel,
        GuestThreadState thread,
        GuestThreadList threads,
        CancellationToken cancellation
    );
}
