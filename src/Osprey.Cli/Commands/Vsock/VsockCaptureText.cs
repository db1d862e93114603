using System.Globalization;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Packets.Captures;
using Osprey.Packets.Vsock;
using Osprey.Session.Answers.Vsock;

namespace Osprey.Cli.Commands.Vsock;

/// <summary>Writes a vsock capture's packets, or the data in them, while it is read.</summary>
/// <param name="output">Where to.</param>
/// <param name="isJson">Whether as JSON, a record a line.</param>
/// <param name="flushesEach">Whether each packet is written out at once, since the next may be long in coming.</param>
internal sealed class VsockCaptureText(Output output, bool isJson, bool flushesEach)
{
    private readonly JsonLines _json = new();

    /// <summary>Writes a line for each packet.</summary>
    public void WritePackets(VsockCapture capture)
    {
        foreach (VsockEvent item in capture.Read())
        {
            if (isJson)
                _json.Append(output.Text, VsockPacketShape.Shape, item);
            else
                WriteLine(item);

            EndPacket();
        }
    }

    /// <summary>Writes the data of connections.</summary>
    /// <returns>The number of packets whose data was written.</returns>
    public long Follow(VsockCapture capture, VsockFollowing following, bool isRaw)
    {
        long count = 0;
        ulong missing = 0;
        var connections = new HashSet<int>();
        foreach (VsockEvent item in capture.Read())
        {
            if (
                item.Connection is not { } connection
                || !following.Choice.Includes(connection)
                || VsockSegment.Of(item) is not { } segment
                || (following.Sender is { } sender && sender != segment.Sender)
            )
                continue;

            count++;
            missing += segment.MissingCount;
            connections.Add(connection.Number);
            if (isRaw)
                WriteBytes(segment);
            else if (isJson)
                _json.Append(output.Text, VsockSegment.Shape, segment);
            else
                WriteSegment(segment);

            EndPacket();
        }

        output.Flush();
        if (isRaw && missing > 0)
            Messages.Write($"osprey: note: {missing} bytes were not captured and are left out");

        if (isRaw && connections.Count > 1)
            Messages.Write(
                $"osprey: note: the bytes are those of {connections.Count} connections, one behind the other "
                    + $"({string.Join(", ", connections)} in --connections)"
            );

        return count;
    }

    private void EndPacket()
    {
        if (!flushesEach)
        {
            output.FlushIfLarge();
            return;
        }

        output.Flush();
        output.Stream.Flush();
    }

    private void WriteLine(VsockEvent item)
    {
        string time = item.Time is { } known ? CaptureTime.FormatTimeOfDay(known) : "-";
        string words = item.Packet is { } packet
            ? VsockWords.Describe(packet, item.Connection)
            : $"not decoded: {item.Problem}";
        string cut = item.IsCut
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" [cut: {item.CapturedLength} of {item.OriginalLength} bytes captured]"
            )
            : "";
        output.Text.Append($"{time} {words}{cut}\n");
    }

    /// <summary>Bytes go past the text, which would otherwise have to hold them.</summary>
    private void WriteBytes(VsockSegment segment) => output.Write(segment.Data.Span);

    private void WriteSegment(VsockSegment segment)
    {
        string time = segment.Event.Time is { } known ? CaptureTime.FormatTimeOfDay(known) : "-";
        string missing =
            segment.MissingCount > 0
                ? string.Create(CultureInfo.InvariantCulture, $", {segment.MissingCount} more not captured")
                : "";
        string end = segment.EndsMessage == true ? ", end of message" : "";
        output.Text.Append(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{time} {segment.Sender} > {segment.Receiver} (connection {segment.Event.Connection!.Number}), "
                    + $"{segment.Data.Length} bytes{missing}{end}\n"
            )
        );
        var dump = new HexDump(output.Text, unitSize: 1, output.FlushIfLarge);
        dump.Add(segment.Offset, (ulong)segment.Data.Length, segment.Data.Span);
        dump.End();
    }
}
