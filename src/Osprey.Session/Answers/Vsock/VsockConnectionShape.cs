using Osprey.Packets.Captures;
using Osprey.Packets.Vsock;

namespace Osprey.Session.Answers.Vsock;

/// <summary>The columns of a vsock connection.</summary>
public static class VsockConnectionShape
{
    /// <summary>The columns.</summary>
    public static Shape<VsockConnection> Shape { get; } =
        new Shape<VsockConnection>("connections")
            .Integer("number", row => row.Number)
            .Text("start", row => row.Start is { } time ? CaptureTime.Format(time) : null)
            .OnlyInData()
            .Text("start", row => row.Start is { } time ? CaptureTime.FormatTimeOfDay(time) : null)
            .OnlyInText()
            .Boolean("hasStart", row => row.HasStart)
            .OnlyInData()
            .Text("client", row => row.Client.ToString())
            .OnlyInText()
            .Text("server", row => row.Server.ToString())
            .OnlyInText()
            .Unsigned("clientCid", row => row.Client.Cid)
            .OnlyInData()
            .Integer("clientPort", row => row.Client.Port)
            .OnlyInData()
            .Unsigned("serverCid", row => row.Server.Cid)
            .OnlyInData()
            .Integer("serverPort", row => row.Server.Port)
            .OnlyInData()
            .Text("type", row => row.Type is { } type ? VsockWords.NameOfType(type) : null)
            .Text("state", row => VsockWords.NameOf(row.State))
            .Size("clientBytes", row => row.Forth.ByteCount)
            .Headed("sent")
            .Size("serverBytes", row => row.Back.ByteCount)
            .Headed("received")
            .Integer("packets", row => row.Forth.PacketCount + row.Back.PacketCount)
            .Duration("duration", row => row.Duration)
            .Integer("clientStalls", row => row.Forth.StallCount)
            .OnlyInData()
            .Duration("clientStallTime", row => row.Forth.StallTime)
            .OnlyInData()
            .Integer("serverStalls", row => row.Back.StallCount)
            .OnlyInData()
            .Duration("serverStallTime", row => row.Back.StallTime)
            .OnlyInData()
            .Integer("stalls", row => row.Forth.StallCount + row.Back.StallCount)
            .OnlyInText()
            .Duration("stalled", row => row.Forth.StallTime + row.Back.StallTime)
            .OnlyInText()
            .Integer("overruns", row => row.Forth.OverrunCount + row.Back.OverrunCount)
            .OnlyInData()
            .Boolean("gaps", row => row.Forth.HasGap || row.Back.HasGap)
            .OnlyInData()
            .Text("reason", row => row.Reason);
}
