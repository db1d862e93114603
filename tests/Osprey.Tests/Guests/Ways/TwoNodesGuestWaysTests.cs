using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Guests.Ways;

[Collection(TwoNodesGuestCollection.Name)]
public sealed class TwoNodesGuestWaysTests(TwoNodesGuest fixture) : LinuxGuestWaysTests(fixture);
