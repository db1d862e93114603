using Osprey.Values.Containers;

namespace Osprey.Session.Guests.Containers;

/// <summary>The readers of library types that values of guests are given.</summary>
internal static class GuestContainerReaders
{
    /// <summary>The standard ones, and those of OSv: no other system's types have its namespace.</summary>
    public static ContainerReaders All { get; } = ContainerReaders.Standard.With(new RcuPointerReader());
}
