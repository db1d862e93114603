using System.Text;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>A reply that refuses: <c>Exx</c>, xx mostly an errno in hex; newer stubs may say <c>E.text</c>.</summary>
/// <param name="Code">The number; 0 for a text.</param>
/// <param name="Text">The text; empty for a number.</param>
public readonly record struct ErrorReply(byte Code, string Text)
{
    /// <summary>
    /// Reads a refusal; false when it is another reply. A reply of data in hex has an even length, so it is never taken
    /// for one.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> reply, out ErrorReply error)
    {
        error = new ErrorReply(0, "");
        if (reply.StartsWith("E."u8))
        {
            error = new ErrorReply(0, Encoding.UTF8.GetString(reply[2..]));
            return true;
        }

        if (reply.Length != 3 || reply[0] != 'E' || RspHex.Digit(reply[1]) > 15 || RspHex.Digit(reply[2]) > 15)
            return false;

        error = new ErrorReply((byte)(RspHex.Digit(reply[1]) << 4 | RspHex.Digit(reply[2])), "");
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text.Length > 0 ? Text : $"E{Code:x2}";
}
