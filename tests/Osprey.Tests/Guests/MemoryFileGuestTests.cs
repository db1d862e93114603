using Osprey.Tests.Guests.Fixtures;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests;

[Collection(MemoryFileGuestCollection.Name)]
public sealed class MemoryFileGuestTests(MemoryFileGuest fixture, ITestOutputHelper output)
    : LinuxGuestTests(fixture, output);
