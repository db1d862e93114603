using Osprey.Tests.Guests.Fixtures;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests;

[Collection(AnonymousGuestCollection.Name)]
public sealed class AnonymousGuestTests(AnonymousGuest fixture, ITestOutputHelper output)
    : LinuxGuestTests(fixture, output);
