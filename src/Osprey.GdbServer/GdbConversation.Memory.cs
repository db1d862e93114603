using System.Text;
using Osprey.Rsp.Server;
using Osprey.Target;

namespace Osprey.GdbServer;

/// <content>Memory.</content>
internal sealed partial class GdbConversation
{
    private const int MaxRead = (RspServerConnection.MaxPacketSize - 8) / 2;

    // Kept: debuggers read the most that a packet takes, again and again.
    private readonly byte[] _read = new byte[MaxRead + 1];
    private bool _isBare;

    /// <summary>Sends memory in hexadecimal digits.</summary>
    private byte[]? ReadMemory(string rest)
    {
        (ulong address, int size) = ParseRange(rest);
        if (Find() is not { } thread)
            return Reply(NoThread);

        int read = thread.ReadMemory(address, _read.AsSpan(0, Math.Min(size, MaxRead)));
        if (read == 0 && size > 0)
            return Reply(Unreadable);

        connection.SendHex(_read.AsSpan(0, read));
        return null;
    }

    /// <summary>
    /// Sends memory as it is: behind a letter to those who know that from gdb, bare to lldb up to 19, which asks for
    /// nothing first to see whether it can.
    /// </summary>
    private byte[]? ReadBinary(string rest)
    {
        (ulong address, int size) = ParseRange(rest);
        if (size == 0)
        {
            _isBare = true;
            return Reply("OK");
        }

        if (Find() is not { } thread)
            return Reply(NoThread);

        int read = thread.ReadMemory(address, _read.AsSpan(1, Math.Min(size, MaxRead)));
        if (read == 0)
            return Reply(Unreadable);

        _read[0] = (byte)'b';
        connection.Send(_isBare ? _read.AsSpan(1, read) : _read.AsSpan(0, read + 1));
        return null;
    }

    private byte[] WriteMemory(string rest, byte[] packet, bool isHex)
    {
        int colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return Reply(Malformed);

        (ulong address, int size) = ParseRange(rest[..colon]);
        ReadOnlySpan<byte> data = packet.AsSpan(colon + 2);
        byte[] bytes = isHex ? Convert.FromHexString(Encoding.Latin1.GetString(data)) : data.ToArray();
        if (bytes.Length != size)
            return Reply(Malformed);

        if (!Steers || !Session.CanWrite || Find() is not { } thread)
            return Reply("E01");

        try
        {
            if (size > 0)
                Session.WriteMemory(thread, address, bytes);

            return Reply("OK");
        }
        catch (TargetException)
        {
            return Reply(Unreadable);
        }
    }

    private static (ulong Address, int Size) ParseRange(string text)
    {
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
            throw new FormatException("no range");

        ulong size = ParseHex(text[(comma + 1)..]);
        return size <= int.MaxValue
            ? (ParseHex(text[..comma]), (int)size)
            : throw new FormatException("the range is too large");
    }
}
