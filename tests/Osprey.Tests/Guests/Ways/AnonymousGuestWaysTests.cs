using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Guests.Ways;

[Collection(AnonymousGuestCollection.Name)]
public sealed class AnonymousGuestWaysTests(AnonymousGuest fixture) : LinuxGuestWaysTests(fixture);
