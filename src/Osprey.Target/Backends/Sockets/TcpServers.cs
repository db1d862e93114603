using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Osprey.Target.Backends.Sockets;

/// <summary>Tells who is connected to a TCP port of this host, by /proc/net/tcp and /proc/net/tcp6.</summary>
internal static class TcpServers
{
    private const int MaxRows = 1_000_000;
    private const int Listening = 10; // TCP_LISTEN
    private const int Established = 1; // TCP_ESTABLISHED

    /// <summary>Looks at a listening socket.</summary>
    /// <param name="host">The host's name or address.</param>
    /// <param name="port">The port.</param>
    /// <returns>Null when none is found: the host is another one, or its tables can't be read.</returns>
    public static ServerConnections? Find(IEnumerable<IPAddress> host, int port)
    {
        TcpRow[]? rows = null;
        foreach (IPAddress address in host)
        {
            if (!IsOfThisHost(address))
                continue;

            rows ??= [.. ReadRows()];
            var place = new IPEndPoint(address, port);
            TcpRow listener = rows.Where(row => row.State == Listening && Covers(row.Local, place))
                .OrderByDescending(row => row.Local.Address.Equals(address))
                .FirstOrDefault();
            if (listener.Local is not null)
                return Describe(rows, listener);
        }

        return null;
    }

    /// <summary>Tells whether a server of this host has accepted a connection; null when that is not known.</summary>
    public static bool? IsAccepted(Socket connection)
    {
        if (
            connection is not { LocalEndPoint: IPEndPoint local, RemoteEndPoint: IPEndPoint remote }
            || !IsOfThisHost(Plain(remote.Address))
        )
            return null;

        foreach (TcpRow row in ReadRows())
        {
            if (row.Local.Equals(Plain(remote)) && row.Remote.Equals(Plain(local)))
                return row.Inode != 0;
        }

        return null;
    }

    /// <summary>Reads a row of /proc/net/tcp or /proc/net/tcp6; a default one when it is none.</summary>
    internal static TcpRow Parse(string row)
    {
        string[] fields = row.Split(' ', 12, StringSplitOptions.RemoveEmptyEntries);
        return
            fields.Length > 9
            && ParsePlace(fields[1]) is { } local
            && ParsePlace(fields[2]) is { } remote
            && int.TryParse(fields[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int state)
            && ulong.TryParse(fields[9], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            ? new TcpRow(local, remote, state, inode)
            : default;
    }

    private static ServerConnections Describe(TcpRow[] rows, TcpRow listener)
    {
        var clients = new List<ServerClient>();
        int waiting = 0;
        foreach (TcpRow row in rows)
        {
            if (row.Local is null || row.State == Listening || !Covers(listener.Local, row.Local))
                continue;

            if (row.Inode != 0)
                clients.Add(DescribeClient(rows, row));
            else if (row.State is Established or 8) // TCP_CLOSE_WAIT
                waiting++;
        }

        return new ServerConnections(listener.Inode, clients, waiting);
    }

    private static ServerClient DescribeClient(TcpRow[] rows, TcpRow connection)
    {
        bool hasLeft = connection.State != Established;
        foreach (TcpRow row in rows)
        {
            if (row.Local is not null && row.Local.Equals(connection.Remote) && row.Remote.Equals(connection.Local))
                return new ServerClient(row.Inode, null, hasLeft);
        }

        return new ServerClient(0, connection.Remote.ToString(), hasLeft);
    }

    private static IEnumerable<TcpRow> ReadRows()
    {
        foreach (string path in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            IEnumerable<string> lines;
            try
            {
                lines = File.ReadAllText(path).Split('\n').Take(MaxRows);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                continue; // a kernel without IPv6
            }

            foreach (string line in lines)
            {
                if (Parse(line) is { Local: not null } row)
                    yield return row;
            }
        }
    }

    /// <summary>Tells whether a socket that listens at one place gets the connections to another.</summary>
    private static bool Covers(IPEndPoint listener, IPEndPoint place) =>
        listener.Port == place.Port
        && (
            listener.Address.Equals(place.Address)
            || listener.Address.Equals(IPAddress.IPv6Any)
            || (listener.Address.Equals(IPAddress.Any) && place.AddressFamily == AddressFamily.InterNetwork)
        );

    /// <summary>Only a host's own addresses can be bound.</summary>
    private static bool IsOfThisHost(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
            return true;

        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads ADDRESS:PORT, where each four bytes of the address are one number in this machine's order.
    /// </summary>
    private static IPEndPoint? ParsePlace(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (
            colon is not (8 or 32)
            || !ushort.TryParse(
                text.AsSpan(colon + 1),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out ushort port
            )
        )
            return null;

        byte[] bytes = new byte[colon / 2];
        if (
            Convert.FromHexString(text.AsSpan(0, colon), bytes, out _, out int written)
                != System.Buffers.OperationStatus.Done
            || written != bytes.Length
        )
            return null;

        for (int word = 0; BitConverter.IsLittleEndian && word < bytes.Length; word += 4)
            Array.Reverse(bytes, word, 4);

        return new IPEndPoint(Plain(new IPAddress(bytes)), port);
    }

    private static IPEndPoint Plain(IPEndPoint place) => new(Plain(place.Address), place.Port);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
