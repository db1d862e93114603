using Osprey.Target;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Guests.Ways;

/// <summary>A way to look into a guest.</summary>
/// <param name="Name">What failures call it.</param>
/// <param name="IsLive">Whether the guest goes on meanwhile, so that a vCPU may be anywhere at any time.</param>
/// <param name="HasAllMemory">Whether all of the guest's RAM can be read by it.</param>
/// <param name="Open">Reaches the guest, or its cores.</param>
internal sealed record WayToAGuest(
    string Name,
    bool IsLive,
    bool HasAllMemory,
    Func<LinuxGuestFixture, GuestTarget> Open
)
{
    /// <summary>Whether reading all of the guest's RAM would take long.</summary>
    public bool IsSlow { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
