namespace Osprey.Tests.Guests.Fixtures;

/// <summary>The guest of <see cref="LinuxGuestVariant.Anonymous"/>.</summary>
public sealed class AnonymousGuest() : LinuxGuestFixture(LinuxGuestVariant.Anonymous);
