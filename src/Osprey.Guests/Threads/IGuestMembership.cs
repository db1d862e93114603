namespace Osprey.Guests.Threads;

/// <summary>A system whose threads belong to control groups and namespaces.</summary>
public interface IGuestMembership
{
    /// <summary>Reads what threads belong to.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="threads">The threads.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>In the order of <paramref name="threads"/>.</returns>
    /// <exception cref="Target.TargetException">The kernel's types or symbols are not known.</exception>
    IReadOnlyList<GuestMembership> ReadMemberships(
        GuestKernel kernel,
        IReadOnlyList<GuestThreadState> threads,
        CancellationToken cancellation
    );
}
