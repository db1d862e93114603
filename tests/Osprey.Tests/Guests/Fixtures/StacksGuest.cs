namespace Osprey.Tests.Guests.Fixtures;

/// <summary>A guest of <see cref="LinuxGuestVariant.Calls"/> that nobody stops for long.</summary>
public sealed class StacksGuest() : LinuxGuestFixture(LinuxGuestVariant.Calls);
