namespace Osprey.Tests.Guests.Fixtures;

/// <summary>The guest of <see cref="LinuxGuestVariant.MemoryFile"/>.</summary>
public sealed class MemoryFileGuest() : LinuxGuestFixture(LinuxGuestVariant.MemoryFile);
