using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Osprey.Target.Backends.Sockets;

/// <summary>
/// The Unix sockets of this host: as the kernel's sock_diag(7) tells them, or, where that is barred, as
/// /proc/net/unix does, which does not say who is connected to whom.
/// </summary>
internal static partial class UnixSocketTable
{
    private const int MaxRows = 1_000_000;
    private const int NetlinkFamily = 16; // AF_NETLINK
    private const int RawSocket = 0x80003; // SOCK_RAW | SOCK_CLOEXEC
    private const int DiagnosticProtocol = 4; // NETLINK_SOCK_DIAG
    private const int HeaderSize = 16; // struct nlmsghdr
    private const int MessageSize = 16; // struct unix_diag_msg
    private const ushort EndOfDump = 3; // NLMSG_DONE
    private const ushort ByFamily = 20; // SOCK_DIAG_BY_FAMILY
    private const byte Listening = 10; // TCP_LISTEN
    private const ushort NameAttribute = 0; // UNIX_DIAG_NAME
    private const ushort PeerAttribute = 2; // UNIX_DIAG_PEER
    private const ushort QueueAttribute = 4; // UNIX_DIAG_RQLEN

    /// <summary>Reads all rows; none where neither way is open.</summary>
    public static IReadOnlyList<UnixSocketRow> Read()
    {
        if (TryAskKernel() is { } rows)
            return rows;

        try
        {
            return [.. File.ReadLines("/proc/net/unix").Take(MaxRows).Skip(1).Select(Parse)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>
    /// Reads a row of /proc/net/unix: address, count, protocol, flags, type, state, inode and perhaps a name.
    /// </summary>
    internal static UnixSocketRow Parse(string row)
    {
        string[] fields = row.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries);
        return
            fields.Length >= 7
            && ulong.TryParse(fields[6], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            ? new UnixSocketRow(fields.Length > 7 ? fields[7] : "", inode, fields[3] == "00010000", null)
            : default;
    }

    private static List<UnixSocketRow>? TryAskKernel()
    {
        int descriptor = OpenSocket(NetlinkFamily, RawSocket, DiagnosticProtocol);
        if (descriptor < 0)
            return null;

        using var socket = new SafeFileHandle(descriptor, ownsHandle: true);
        Span<byte> request = stackalloc byte[HeaderSize + 24];
        request.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], ByFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], 0x301); // NLM_F_REQUEST | NLM_F_DUMP
        request[HeaderSize] = 1; // AF_UNIX
        BinaryPrimitives.WriteUInt32LittleEndian(request[(HeaderSize + 4)..], uint.MaxValue); // of any state
        // UDIAG_SHOW_NAME, _PEER, _RQLEN
        BinaryPrimitives.WriteUInt32LittleEndian(request[(HeaderSize + 12)..], 1 | 4 | 16);
        BinaryPrimitives.WriteUInt64LittleEndian(request[(HeaderSize + 16)..], ulong.MaxValue); // no cookie
        if (SendBytes(socket, request, (nuint)request.Length, 0) != request.Length)
            return null;

        var rows = new List<UnixSocketRow>();
        byte[] buffer = new byte[1 << 16];
        while (rows.Count < MaxRows)
        {
            // The kernel answers within the call: no wait here depends on another process.
            int size = (int)ReceiveBytes(socket, buffer, (nuint)buffer.Length, 0);
            if (size <= 0)
                return null;

            if (!TryTake(buffer.AsSpan(0, size), rows, out bool isLast))
                return null;

            if (isLast)
                return rows;
        }

        return rows;
    }

    /// <summary>Takes the messages of one answer.</summary>
    /// <returns>False when the kernel refused.</returns>
    private static bool TryTake(ReadOnlySpan<byte> answer, List<UnixSocketRow> rows, out bool isLast)
    {
        isLast = false;
        while (answer.Length >= HeaderSize)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(answer);
            ushort type = BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]);
            if (length < HeaderSize || length > answer.Length)
                return false;

            if (type == EndOfDump)
            {
                isLast = true;
                return true;
            }

            if (type != ByFamily || length < HeaderSize + MessageSize)
                return false;

            rows.Add(ReadRow(answer[HeaderSize..length]));
            answer = answer[Math.Min((length + 3) & ~3, answer.Length)..];
        }

        return true;
    }

    private static UnixSocketRow ReadRow(ReadOnlySpan<byte> message)
    {
        byte state = message[2];
        ulong inode = BinaryPrimitives.ReadUInt32LittleEndian(message[4..]);
        string name = "";
        ulong peer = 0;
        int waiting = 0;
        ReadOnlySpan<byte> attributes = message[MessageSize..];
        while (attributes.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < 4 || length > attributes.Length)
                break;

            ReadOnlySpan<byte> value = attributes[4..length];
            switch (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]))
            {
                case NameAttribute:
                    // A path ends with a zero; an abstract name begins with one, which /proc shows as @.
                    name = Encoding.UTF8.GetString(value);
                    name = name.StartsWith('\0') ? "@" + name[1..] : name.TrimEnd('\0');
                    break;
                case PeerAttribute when value.Length >= 4:
                    peer = BinaryPrimitives.ReadUInt32LittleEndian(value);
                    break;
                case QueueAttribute when value.Length >= 4 && state == Listening:
                    waiting = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(value), int.MaxValue);
                    break;
                default:
                    break;
            }

            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return new UnixSocketRow(name, inode, state == Listening, peer, waiting);
    }

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint SendBytes(SafeFileHandle socket, ReadOnlySpan<byte> bytes, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint ReceiveBytes(SafeFileHandle socket, Span<byte> bytes, nuint size, int flags);
}
