using System.Text;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>
/// A reply that refuses a request: <c>Exx</c> with a number in hex, or <c>E.text</c> from newer stubs.
/// </summary>
/// <param name="Code">The number, mostly an errno; 0 when there is a text.</param>
/// <param name="Text">The text; empty when there is a number.</param>
internal readonly record struct ErrorReply(byte Code, string Text)
{
    /// <summary>
    /// Parses a refusal; false for any other reply. Data in hex has an even length, so it is never mistaken for one.
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
