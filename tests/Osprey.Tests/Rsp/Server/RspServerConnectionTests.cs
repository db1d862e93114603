using System.Text;
using Osprey.Rsp.Server;
using Osprey.Tests.Builders;

namespace Osprey.Tests.Rsp.Server;

/// <summary>The server's side of a connection.</summary>
public sealed class RspServerConnectionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Packets_InPieces_ComeWholeAndAreAcknowledged()
    {
        using var debugger = new RawDebugger();
        byte[] bytes = Encoding.Latin1.GetBytes("+" + RawDebugger.Frame("g") + "\u0003" + RawDebugger.Frame("m10,4"));
        foreach (byte one in bytes)
            debugger.Send([one]);

        Assert.Equal(["Packet g", "Interrupt ", "Packet m10,4"], Receive(debugger, 3));
        Assert.Equal("++", debugger.Read(2));
    }

    [Fact]
    public void Packets_Damaged_AreAskedForAgain()
    {
        using var debugger = new RawDebugger();
        debugger.Send("$g#00"u8);
        debugger.SendPacket("g");

        Assert.Equal("-+", debugger.Read(2));
        Assert.Equal(["Packet g"], Receive(debugger, 1));
    }

    [Fact]
    public void Replies_ThatWereRefused_AreSentAgainSomeTimes()
    {
        using var debugger = new RawDebugger();
        debugger.Server.Send("OK"u8);
        Assert.Equal("$OK#9a", debugger.Read(6));
        for (int i = 0; i < 40; i++)
            debugger.Send("-"u8);

        debugger.SendPacket("?");
        Assert.Equal(["Packet ?"], Receive(debugger, 1));
        Assert.Equal(string.Concat(Enumerable.Repeat("$OK#9a", 16)) + "+", debugger.Read((16 * 6) + 1));
    }

    [Fact]
    public void Packets_TooLong_AreSaidToBe()
    {
        using var debugger = new RawDebugger();
        debugger.Send("$"u8);
        debugger.Send(new byte[RspServerConnection.MaxPacketSize + 1]);
        debugger.Send("#00"u8);
        debugger.SendPacket("g");

        Assert.Equal(["Oversized ", "Packet g"], Receive(debugger, 2));
    }

    [Fact]
    public void Acknowledgements_AfterTheirEnd_AreNotSent()
    {
        using var debugger = new RawDebugger();
        debugger.Server.StopAcknowledging();
        debugger.SendPacket("g");
        Receive(debugger, 1);
        debugger.Server.Send("a*b"u8);

        Assert.Equal("a*b", debugger.ReadPacket());
    }

    [Fact]
    public void Connection_ThatEnded_IsTold()
    {
        using var debugger = new RawDebugger();
        debugger.SendPacket("D");
        debugger.Leave();

        Assert.Equal(["Packet D", "Closed ", "Closed "], Receive(debugger, 3));
    }

    private static List<string> Receive(RawDebugger debugger, int count)
    {
        var received = new List<string>();
        for (int i = 0; i < count; i++)
        {
            Assert.True(debugger.Server.TryReceive(s_patience, out RspRequest request));
            received.Add($"{request.Kind} {Encoding.Latin1.GetString(request.Payload)}");
        }

        return received;
    }
}
