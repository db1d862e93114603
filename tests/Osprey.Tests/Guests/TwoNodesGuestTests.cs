using Osprey.Tests.Guests.Fixtures;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests;

[Collection(TwoNodesGuestCollection.Name)]
public sealed class TwoNodesGuestTests(TwoNodesGuest fixture, ITestOutputHelper output)
    : LinuxGuestTests(fixture, output);
