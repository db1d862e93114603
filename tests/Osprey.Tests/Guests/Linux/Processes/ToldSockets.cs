using System.Globalization;
using System.Net;
using Osprey.Guests.Network;

namespace Osprey.Tests.Guests.Linux.Processes;

/// <summary>Sockets as lines of <c>/proc/net</c> have them, and as they were found.</summary>
internal static class ToldSockets
{
    private static readonly string[] s_states =
    [
        "",
        "established",
        "syn-sent",
        "syn-received",
        "fin-wait-1",
        "fin-wait-2",
        "time-wait",
        "closed",
        "close-wait",
        "last-ack",
        "listening",
        "closing",
    ];

    /// <summary>Lines of the tables of TCP, UDP and raw sockets.</summary>
    public static IEnumerable<string> OfInternet(IEnumerable<string[]> lines) =>
        lines
            .Select(words =>
            {
                int state = int.Parse(words[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                string[] queues = words[4].Split(':');
                return $"{ParseAddress(words[1])} {ParseAddress(words[2])} {s_states[state]} "
                    + $"{ParseHex(queues[0])} {ParseHex(queues[1])} {words[9]}";
            })
            .Order(StringComparer.Ordinal);

    /// <summary>What was found, in the same form.</summary>
    public static IEnumerable<string> OfInternet(IEnumerable<GuestSocket> sockets) =>
        sockets
            .Select(socket =>
            {
                string state = socket.State switch
                {
                    "connected" => "established",
                    "unconnected" => "closed",
                    { } other => other,
                    _ => "",
                };
                string nowhere = socket.Local!.StartsWith('[') ? "[::]:0" : "0.0.0.0:0";
                return $"{socket.Local} {socket.Remote ?? nowhere} {state} {socket.SendQueue} {socket.ReceiveQueue} "
                    + $"{socket.Inode ?? 0}";
            })
            .Order(StringComparer.Ordinal);

    /// <summary>Lines of the table of unix sockets.</summary>
    public static IEnumerable<string> OfUnix(IEnumerable<string[]> lines) =>
        lines
            .Select(words =>
            {
                string state = (words[3], words[5]) switch
                {
                    ("00010000", _) => "listening",
                    (_, "01") => "unconnected",
                    (_, "02") => "connecting",
                    _ => "connected",
                };
                string type = words[4] switch
                {
                    "0001" => "stream",
                    "0002" => "datagram",
                    _ => "packets",
                };
                return $"{type} {state} {words[6]} {(words.Length > 7 ? words[7] : "")}";
            })
            .Order(StringComparer.Ordinal);

    /// <summary>What was found, in the same form.</summary>
    public static IEnumerable<string> OfUnix(IEnumerable<GuestSocket> sockets) =>
        sockets
            .Select(socket => $"{socket.Type} {socket.State} {socket.Inode ?? 0} {socket.Local}")
            .Order(StringComparer.Ordinal);

    private static ulong ParseHex(string text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Addresses are written as words of 32 bits, as the CPU reads them.</summary>
    private static string ParseAddress(string text)
    {
        string[] parts = text.Split(':');
        byte[] bytes = Convert.FromHexString(parts[0]);
        for (int i = 0; i < bytes.Length; i += 4)
            Array.Reverse(bytes, i, 4);

        var address = new IPAddress(bytes);
        return bytes.Length == 4 ? $"{address}:{ParseHex(parts[1])}" : $"[{address}]:{ParseHex(parts[1])}";
    }
}
