using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Tests.Cli.Guest;
using LibraryGuest = Osprey.Session.Guests.Guest;

namespace Osprey.Tests.Session.Guests;

public sealed class GuestTests
{
    [Fact]
    public void Open_OfACore_GivesItsGuest()
    {
        using var guest = new SmallGuest();
        using GuestSession session = LibraryGuest.Open(guest.CorePath);
        Assert.Equal((2, TargetAccess.Core), (session.Target.CpuCount, session.Target.Access));
        Assert.Equal("OSv v0.57.0-7-g0123abcd", session.Identity.Description);
    }

    [Fact]
    public void Attach_ToANameOrProcessThatIsNot_SaysSo()
    {
        Assert.Equal(
            TargetProblem.NoSuchGuest,
            Assert.Throws<TargetException>(() => LibraryGuest.Attach("no such guest")).Problem
        );
        Assert.Equal(
            TargetProblem.NoSuchProcess,
            Assert.Throws<TargetException>(() => LibraryGuest.Attach($"{Environment.ProcessId}")).Problem
        );
        Assert.Throws<ArgumentException>(() => LibraryGuest.Attach(""));
    }
}
