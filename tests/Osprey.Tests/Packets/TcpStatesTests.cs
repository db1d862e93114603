using Osprey.Packets.Transport;

namespace Osprey.Tests.Packets;

public sealed class TcpStatesTests
{
    [Fact]
    public void Names_AreTheKernelsInItsOrder() =>
        Assert.Equal(
            "CLOSED LISTEN SYN_SENT SYN_RECEIVED ESTABLISHED CLOSE_WAIT FIN_WAIT_1 CLOSING "
                + "LAST_ACK FIN_WAIT_2 TIME_WAIT",
            string.Join(' ', TcpStates.Names)
        );

    [Fact]
    public void GetName_EveryState_LeadsBackToItsNumber()
    {
        for (int state = 0; state < TcpStates.Names.Count; state++)
        {
            Assert.True(TcpStates.TryGetNumber(TcpStates.GetName(state).ToLowerInvariant(), out int found));
            Assert.Equal(state, found);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    [InlineData(int.MinValue)]
    public void GetName_OutsideTheTable_IsUnknown(int state) => Assert.Equal("Unknown", TcpStates.GetName(state));

    [Fact]
    public void TryGetNumber_NoSuchState_IsRefused() => Assert.False(TcpStates.TryGetNumber("Unknown", out _));
}
