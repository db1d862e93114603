using Osprey.Guests.Threads;
using Osprey.Target;

namespace Osprey.Guests.Memory;

/// <summary>An operating system that can tell what an address belongs to.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestAddresses
{
    /// <summary>
    /// Reads what there is, once for any number of addresses. What this kernel does not have is left out.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="threads">All threads; null when they can't be listed.</param>
    /// <param name="cancellation">Ends the walks.</param>
    /// <exception cref="TargetException">The kernel is not known.</exception>
    IGuestAddressBook ReadAddresses(GuestKernel kernel, GuestThreadList? threads, CancellationToken cancellation);
}
