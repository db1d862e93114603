namespace Osprey.Tests.Guests.Fixtures;

/// <summary>The guest of <see cref="LinuxGuestVariant.Symbols"/>.</summary>
public sealed class SymbolsGuest() : LinuxGuestFixture(LinuxGuestVariant.Symbols);
