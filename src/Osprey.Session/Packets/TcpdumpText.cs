using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Osprey.Session.Packets;

/// <summary>Turns what tcpdump says of a packet among others into what it says of the packet alone.</summary>
internal static class TcpdumpText
{
    /// <summary>The line that tcpdump prints for a packet without bytes, without a time.</summary>
    public const string Empty = "[Invalid header: caplen==0, len==0]";

    /// <summary>Corrects the numbers of SACK blocks.</summary>
    /// <remarks>
    /// With <c>-S</c> all sequence numbers are absolute, as they are for a packet alone, but for one case: of a packet
    /// alone, SACK blocks are shown relative to the acknowledged number less one.
    /// </remarks>
    public static string OfLonePacket(ReadOnlySpan<byte> line)
    {
        string text = Encoding.UTF8.GetString(line);
        int sack = text.IndexOf("sack ", StringComparison.Ordinal);
        int options = text.IndexOf(", options [", StringComparison.Ordinal);
        return sack > options && options > 0 && TryFindAcknowledged(line[..options], out uint acknowledged)
            ? MakeRelative(text, sack, unchecked(acknowledged - 1))
            : text;
    }

    private static bool TryFindAcknowledged(ReadOnlySpan<byte> header, out uint acknowledged)
    {
        ReadOnlySpan<byte> label = ", ack "u8;
        acknowledged = 0;
        int at = header.LastIndexOf(label);
        return at >= 0 && Utf8Parser.TryParse(header[(at + label.Length)..], out acknowledged, out _);
    }

    /// <summary>Rewrites every <c>{from:to}</c> from <paramref name="start"/> to the end of the option list.</summary>
    private static string MakeRelative(string text, int start, uint origin)
    {
        StringBuilder result = new(text, 0, start, text.Length);
        int position = start;
        int end = text.IndexOf(']', start);
        if (end < 0)
            end = text.Length;

        while (position < end)
        {
            int open = text.IndexOf('{', position, end - position);
            int close = open < 0 ? -1 : text.IndexOf('}', open, end - open);
            int colon = close < 0 ? -1 : text.IndexOf(':', open, close - open);
            if (
                colon < 0
                || !uint.TryParse(text.AsSpan(open + 1, colon - open - 1), CultureInfo.InvariantCulture, out uint from)
                || !uint.TryParse(text.AsSpan(colon + 1, close - colon - 1), CultureInfo.InvariantCulture, out uint to)
            )
            {
                break;
            }

            result.Append(text, position, open - position);
            result.Append(CultureInfo.InvariantCulture, $"{{{unchecked(from - origin)}:{unchecked(to - origin)}}}");
            position = close + 1;
        }

        return result.Append(text, position, text.Length - position).ToString();
    }
}
