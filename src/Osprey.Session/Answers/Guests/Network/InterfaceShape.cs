using Osprey.Guests.Network;

namespace Osprey.Session.Answers.Guests.Network;

/// <summary>The columns of a list of network interfaces.</summary>
public static class InterfaceShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestInterface> Shape { get; } =
        new Shape<GuestInterface>("interfaces")
            .Unsigned("index", item => item.Index)
            .Text("name", item => item.Name)
            .Text("state", item => item.IsUp is { } isUp ? (isUp ? "up" : "down") : null)
            .Text("link", item => item.Link)
            .Unsigned("mtu", item => item.Mtu)
            .Text("hardware", item => item.HardwareAddress)
            .Text("addresses", item => item.Addresses.Count > 0 ? string.Join(' ', item.Addresses) : null)
            .OnlyInText()
            .Texts("addresses", item => item.Addresses)
            .OnlyInData()
            .Unsigned("receivedBytes", item => item.Counters?.ReceivedBytes)
            .Headed("RECEIVED")
            .Unsigned("receivedPackets", item => item.Counters?.ReceivedPackets)
            .Headed("PACKETS")
            .Unsigned("sentBytes", item => item.Counters?.SentBytes)
            .Headed("SENT")
            .Unsigned("sentPackets", item => item.Counters?.SentPackets)
            .Headed("PACKETS")
            .Address("object", item => item.Address)
            .OnlyInData();
}
