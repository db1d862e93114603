using System.Text;
using Osprey.Rsp.Server;
using Osprey.Target;

namespace Osprey.GdbServer;

/// <content>Memory.</content>
internal sealed partial class GdbConversation
{
    private const int MaxRead = (RspServerConnection.MaxPacketSize - 8) / 2;

    private byte[] ReadMemory(string rest)
    {
        (ulong address, int size) = ParseRange(rest);
        if (Find() is not { } thread)
            return Reply(NoThread);

        byte[] bytes = new byte[Math.Min(size, MaxRead)];
        int read = thread.ReadMemory(address, bytes);
        return read == 0 && size > 0
            ? Reply(Unreadable)
            : Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes.AsSpan(0, read)));
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
