using Osprey.Guests.Threads;
using Osprey.Target;

namespace Osprey.Guests.FileSystems;

/// <summary>An operating system whose mounted file systems can be listed from outside.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestMounts
{
    /// <summary>
    /// Lists what a process sees mounted, in the kernel's order. The walk is bounded, and repeated where the guest
    /// changed the list meanwhile.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="thread">A thread of the process.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="TargetException">The thread ended and sees none, or the kernel is not known.</exception>
    GuestList<GuestMount> ReadMounts(GuestKernel kernel, GuestThreadState thread, CancellationToken cancellation);
}
