using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Target.Backends.Sockets;

namespace Osprey.Tests.Target.Backends.Qemu.Qmp;

/// <summary>How long a QMP socket that another client has is waited for.</summary>
public sealed class QmpPatienceTests
{
    [Theory]
    [InlineData("libvirtd", 0UL, 500UL, 0)]
    [InlineData("virtqemud", 0UL, 500UL, 0)]
    [InlineData("lxd", 100UL, 120UL, 0)]
    [InlineData("incusd", null, null, 0)]
    [InlineData("python3", 100UL, 1100UL, 300)]
    [InlineData("python3", 100UL, 1099UL, 1000)]
    [InlineData("python3", 100UL, 99UL, 1000)] // another PID namespace's clock
    [InlineData("python3", null, 5000UL, 1000)]
    [InlineData("python3", 100UL, null, 1000)]
    [InlineData("osprey", 100UL, 900_000UL, 1000)]
    public void Choose_ByNameAndAge(string program, ulong? started, ulong? now, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), QmpPatience.Choose(program, started, now));

    [Fact]
    public void For_OurOwnProcess_IsTheLongestWhateverItsName() =>
        Assert.Equal(QmpPatience.Longest, QmpPatience.For(new SocketHolder(Environment.ProcessId, "libvirtd")));

    [Fact]
    public void For_AProcessThatHasEnded_IsTheLongest() =>
        Assert.Equal(QmpPatience.Longest, QmpPatience.For(new SocketHolder(int.MaxValue, "gone")));
}
