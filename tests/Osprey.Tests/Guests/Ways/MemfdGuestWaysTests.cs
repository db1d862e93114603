using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Guests.Ways;

[Collection(MemfdGuestCollection.Name)]
public sealed class MemfdGuestWaysTests(MemfdGuest fixture) : LinuxGuestWaysTests(fixture);
