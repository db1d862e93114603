namespace Osprey.Tests.Guests.Fixtures;

/// <summary>The guest of <see cref="LinuxGuestVariant.TwoNodes"/>.</summary>
public sealed class TwoNodesGuest() : LinuxGuestFixture(LinuxGuestVariant.TwoNodes);
