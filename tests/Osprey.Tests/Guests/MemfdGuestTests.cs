using Osprey.Tests.Guests.Fixtures;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests;

[Collection(MemfdGuestCollection.Name)]
public sealed class MemfdGuestTests(MemfdGuest fixture, ITestOutputHelper output) : LinuxGuestTests(fixture, output);
