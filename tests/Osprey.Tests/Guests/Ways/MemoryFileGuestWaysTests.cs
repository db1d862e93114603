using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Guests.Ways;

[Collection(MemoryFileGuestCollection.Name)]
public sealed class MemoryFileGuestWaysTests(MemoryFileGuest fixture) : LinuxGuestWaysTests(fixture);
