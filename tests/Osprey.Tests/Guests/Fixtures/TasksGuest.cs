namespace Osprey.Tests.Guests.Fixtures;

/// <summary>The guest of <see cref="LinuxGuestVariant.Tasks"/>.</summary>
public sealed class TasksGuest() : LinuxGuestFixture(LinuxGuestVariant.Tasks);
