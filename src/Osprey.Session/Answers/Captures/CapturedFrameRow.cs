using Osprey.Packets;
using Osprey.Packets.Captures;
using Osprey.Session.Captures;

namespace Osprey.Session.Answers.Captures;

/// <summary>A captured packet in words.</summary>
/// <param name="Frame">The packet.</param>
/// <param name="Device">The name of its device.</param>
/// <param name="Words">What it is.</param>
public sealed record CapturedFrameRow(CapturedFrame Frame, string Device, string Words)
{
    /// <summary>The columns.</summary>
    public static Shape<CapturedFrameRow> Shape { get; } =
        new Shape<CapturedFrameRow>("packets")
            .Text("time", row => CaptureTime.Format(row.Frame.Time))
            .Text("device", row => row.Device)
            .Integer("queue", row => row.Frame.Queue)
            .Text("direction", row => row.Direction)
            .Size("length", row => (long)row.Frame.Bytes.Length)
            .Boolean("unverified", row => row.Frame.IsUnverified)
            .Text("running", row => row.Frame.Running)
            .Text("packet", row => row.Words)
            .Optional();

    /// <summary>The direction in one word, seen from the guest.</summary>
    public string Direction =>
        Frame.Direction switch
        {
            PacketDirection.Inbound => "in",
            PacketDirection.Outbound => "out",
            _ => "?",
        };
}
