using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Packets.Captures;
using Osprey.Session.Answers.Captures;
using Osprey.Session.Captures;

namespace Osprey.Cli.Commands.Guest.Capture;

/// <summary>Shows captured packets, a line each.</summary>
/// <param name="output">Where to.</param>
/// <param name="isJson">Whether as JSON.</param>
internal sealed class CaptureText(Output output, bool isJson)
{
    private readonly FrameWords _words = new();
    private readonly JsonLines _json = new();

    /// <summary>Shows one packet.</summary>
    public void Write(CapturedFrame frame, string device, CaptureDeviceKind kind)
    {
        var row = new CapturedFrameRow(frame, device, _words.Describe(frame.Bytes, kind, frame.Time));
        if (isJson)
        {
            _json.Append(output.Text, CapturedFrameRow.Shape, row);
        }
        else
        {
            string time = CaptureTime.FormatTimeOfDay(frame.Time);
            string note = frame.IsUnverified ? " [not verified]" : "";
            output.Text.Append($"{time} {device} {row.Direction} {row.Words}{note}\n");
        }

        output.FlushIfLarge();
    }
}
