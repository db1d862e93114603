using System.Net.Sockets;

namespace Osprey.Target.Backends.Sockets;

/// <summary>Tells who is connected to a Unix socket of this host.</summary>
internal static class UnixServers
{
    /// <summary>Looks at a listening socket.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Null when none is found, or several could be meant.</returns>
    public static ServerConnections? Find(string path)
    {
        IReadOnlyList<UnixSocketRow> rows = UnixSocketTable.Read();
        string full = Path.GetFullPath(path);
        UnixSocketRow[] listeners = [.. rows.Where(row => row.IsListening && CanBe(row.Name, full)).Take(2)];
        if (listeners is not [{ } listener])
            return null;

        // In /proc/net/unix, a connection that waits has its server's name and, until it is accepted, no inode.
        var clients = new List<ServerClient>();
        int waiting = 0;
        foreach (UnixSocketRow row in rows)
        {
            if (row.IsListening || row.Name != listener.Name)
                continue;

            if (row.Inode == 0)
                waiting++;
            else
                clients.Add(new ServerClient(row.Peer ?? 0, null, row.Peer is { } peer ? peer == 0 : null));
        }

        return new ServerConnections(listener.Inode, clients, Math.Max(waiting, listener.Waiting));
    }

    /// <summary>Tells whether a server has accepted a connection; null when that is not known.</summary>
    public static bool? IsAccepted(Socket connection)
    {
        if (SocketInode.Find(connection) is not { } inode)
            return null;

        foreach (UnixSocketRow row in UnixSocketTable.Read())
        {
            if (row.Inode == inode)
                return row.Peer is { } peer ? peer != 0 : null;
        }

        return null;
    }

    /// <summary>A socket has the name that its server gave it: relative to a folder of the server's, perhaps.</summary>
    private static bool CanBe(string name, string full) =>
        name == full
        || (
            name.Length > 0
            && name[0] is not ('/' or '@')
            && full.EndsWith(
                "/" + (name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name),
                StringComparison.Ordinal
            )
        )
        || (
            name.StartsWith('/')
            && full.StartsWith("/proc/", StringComparison.Ordinal)
            && full.EndsWith("/root" + name, StringComparison.Ordinal)
        );
}
