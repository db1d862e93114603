using System.Text;

namespace Osprey.Packets.Applications;

/// <summary>The first line of HTTP, RTSP, FTP and SMTP messages, and of an SSH connection.</summary>
internal static class TextProtocolDecoder
{
    private const int LongestToken = 127;
    private const byte CarriageReturn = (byte)'\r';
    private const byte LineFeed = (byte)'\n';

    public static readonly TextProtocol Ftp = new("ftp", null);

    public static readonly TextProtocol Smtp = new("smtp", null);

    public static readonly TextProtocol Rtsp = new(
        "rtsp",
        [
            "ANNOUNCE",
            "DESCRIBE",
            "GET_PARAMETER",
            "OPTIONS",
            "PAUSE",
            "PLAY",
            "RECORD",
            "REDIRECT",
            "SETUP",
            "SET_PARAMETER",
            "TEARDOWN",
        ]
    );

    public static readonly TextProtocol Http = new(
        "http",
        [
            "BASELINE-CONTROL",
            "BCOPY",
            "BDELETE",
            "BMOVE",
            "BPROPFIND",
            "BPROPPATCH",
            "CCM_POST",
            "CHECKIN",
            "CHECKOUT",
            "CONNECT",
            "COPY",
            "DELETE",
            "GET",
            "HEAD",
            "LABEL",
            "LOCK",
            "MERGE",
            "MKACTIVITY",
            "MKCOL",
            "MKWORKSPACE",
            "MOVE",
            "NOTIFY",
            "OPTIONS",
            "POLL",
            "POST",
            "PROPFIND",
            "PROPPATCH",
            "PUT",
            "REPORT",
            "RPC_CONNECT",
            "SEARCH",
            "SUBSCRIBE",
            "TRACE",
            "UNCHECKOUT",
            "UNLOCK",
            "UNSUBSCRIBE",
            "UPDATE",
            "VERSION-CONTROL",
        ]
    );

    private enum LineEnd
    {
        Found,
        NotText,
        EndOfMessage,
        EndOfCapture,
    }

    /// <summary>
    /// Writes <c>: HTTP: first line</c>; without the line where the message doesn't begin in this segment.
    /// </summary>
    public static void DecodeFirstLine(
        ref PacketText text,
        TextProtocol protocol,
        ReadOnlySpan<byte> message,
        uint length
    )
    {
        text.Write(": "u8);
        WriteName(ref text, protocol.Name.ToUpperInvariant());
        if (protocol.Commands is not null && !IsStart(protocol.Commands, message, length))
            return;

        LineEnd end = FindLineEnd(message, length, allowTab: true, out int size);
        if (end is LineEnd.Found or LineEnd.EndOfMessage)
        {
            text.Write(": "u8);
            text.Write(message[..size]);
        }

        if (end is LineEnd.EndOfMessage or LineEnd.EndOfCapture)
        {
            text.Write(" [|"u8);
            WriteName(ref text, protocol.Name);
            text.Write((byte)']');
        }
    }

    /// <summary>Writes <c>: SSH: SSH-2.0-...</c> for the segment in which a side says its version.</summary>
    public static void DecodeSshVersion(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        ReadOnlySpan<byte> magic = "SSH-"u8;
        int common = message.CommonPrefixLength(magic);
        if (common < magic.Length)
        {
            if (common == message.Length)
                text.WriteCut("ssh"u8);

            return;
        }

        switch (FindLineEnd(message, length, allowTab: false, out int size))
        {
            case LineEnd.Found:
                text.Write(": SSH: "u8);
                text.Write(message[..size]);
                break;
            case LineEnd.EndOfCapture:
                text.WriteCut("ssh"u8);
                break;
        }
    }

    /// <summary>Tells whether a message begins here: a known command, or a response's code at second place.</summary>
    private static bool IsStart(string[] commands, ReadOnlySpan<byte> message, uint length)
    {
        int next = FindToken(message, 0, length, out ReadOnlySpan<byte> token);
        if (next == 0)
            return false;

        foreach (string command in commands)
        {
            if (Ascii.EqualsIgnoreCase(token, command))
                return true;
        }

        return FindToken(message, next, length, out token) != 0
            && token.Length == 3
            && !token.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Takes the word at <paramref name="start"/>.</summary>
    /// <returns>Where the next one begins; 0 when there is no whole word of printable characters.</returns>
    private static int FindToken(ReadOnlySpan<byte> message, int start, uint length, out ReadOnlySpan<byte> token)
    {
        token = [];
        int end = start;
        while (end < message.Length && !IsSpace(message[end]))
        {
            if (message[end] is < 0x20 or >= 0x7f || end - start == LongestToken)
                return 0;

            end++;
        }

        if (end == start || (end == message.Length && end < length))
            return 0;

        token = message[start..end];
        while (end < message.Length && message[end] is (byte)' ' or (byte)'\t')
            end++;

        return end;
    }

    private static LineEnd FindLineEnd(ReadOnlySpan<byte> message, uint length, bool allowTab, out int size)
    {
        for (size = 0; size < message.Length; size++)
        {
            byte character = message[size];
            if (character == LineFeed)
                return LineEnd.Found;

            if (character == CarriageReturn)
                return FindLineFeed(message, length, size + 1);

            if (character is < 0x20 or >= 0x7f && !(allowTab && character == '\t'))
                return LineEnd.NotText;
        }

        return size < length ? LineEnd.EndOfCapture : LineEnd.EndOfMessage;
    }

    private static LineEnd FindLineFeed(ReadOnlySpan<byte> message, uint length, int at)
    {
        if (at >= length)
            return LineEnd.NotText;

        if (at >= message.Length)
            return LineEnd.EndOfCapture;

        return message[at] == LineFeed ? LineEnd.Found : LineEnd.NotText;
    }

    private static bool IsSpace(byte character) => character is (byte)' ' or (byte)'\t' or CarriageReturn or LineFeed;

    private static void WriteName(ref PacketText text, string name)
    {
        foreach (char letter in name)
            text.Write((byte)letter);
    }
}
