namespace Osprey.Tests.Guests.Fixtures;

/// <summary>The guest of <see cref="LinuxGuestVariant.Memfd"/>.</summary>
public sealed class MemfdGuest() : LinuxGuestFixture(LinuxGuestVariant.Memfd);
