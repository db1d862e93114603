using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Osprey.Target.Backends.Sockets;

// QEMU's gdb stub and its QMP serve one client at a time. While they do, the kernel takes further connections into the
// queue of the listening socket, and there is no way out of that queue: a client that gives up, or is killed, leaves
// its connection in it, and QEMU takes it up when the first client leaves. To the gdb stub that means a debugger has
// come, so it stops the guest, and nobody is there to let it run again. In QMP's queue of one, two such connections
// make every further connect() of a Unix socket wait.
//
// So nobody connects here before the kernel's tables say that no other client is there, as far as the server is of
// this host; and nothing is sent before the same tables say that the server has accepted the connection. For servers
// of other hosts, behind a tunnel, or where /proc is closed, that is not known (null): see GdbTarget for what is done
// about a stub then.

/// <summary>Connects to servers that have one client at a time, without waiting in their queue.</summary>
internal sealed class ServerConnector
{
    private static readonly TimeSpan s_shortPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_longPause = TimeSpan.FromMilliseconds(20);

    /// <summary>The time that a server, which may be busy, is given to notice that a client has left.</summary>
    private static readonly TimeSpan s_leavePatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_acceptPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_stoppedPatience = TimeSpan.FromMilliseconds(500);

    private readonly ServerAddress _address;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _cancellation;
    private long _start = Stopwatch.GetTimestamp();

    /// <param name="address">The place where the server listens.</param>
    /// <param name="timeout">The longest time for all of the waits.</param>
    /// <param name="cancellation">The user's wish to end early.</param>
    public ServerConnector(ServerAddress address, TimeSpan timeout, CancellationToken cancellation)
    {
        _address = address;
        _timeout = timeout;
        _cancellation = cancellation;
    }

    private TimeSpan Left => _timeout - Stopwatch.GetElapsedTime(_start);

    /// <summary>Waits until no other client is connected, as far as that can be known.</summary>
    /// <param name="patience">
    /// The time that another client is given to leave; the server gets ten seconds to notice one that has, beside the
    /// time for all else.
    /// </param>
    /// <param name="getPatience">Gives less time to a client of which it is known who it is; null for the same.</param>
    /// <returns>The server as the kernel's tables have it; null when it is not found in them.</returns>
    /// <exception cref="ServerBusyException">Another client is connected, or one waits already.</exception>
    /// <exception cref="SocketException">The host's name is not known.</exception>
    public ServerConnections? RequireFree(TimeSpan patience, Func<SocketHolder, TimeSpan>? getPatience = null)
    {
        long start = Stopwatch.GetTimestamp();
        IPAddress[] addresses = _address.Path is null ? FindAddresses() : [];
        bool hasWaitedForServer = false;
        while (true)
        {
            ServerConnections? now = _address.Path is { } path
                ? UnixServers.Find(path)
                : TcpServers.Find(addresses, _address.Port);
            if (now is null || (now.Clients.Count == 0 && now.Waiting == 0))
            {
                if (hasWaitedForServer)
                    _start = Stopwatch.GetTimestamp();

                return now;
            }

            // What has left is taken notice of soon, and so is one that waits while nobody is served.
            bool isStaying = now.Clients.Any(client => client.HasLeft == false);
            hasWaitedForServer |= !isStaying;
            if (isStaying && getPatience is not null)
            {
                TimeSpan given = FindHolder(now) is { } holder ? getPatience(holder) : patience;
                patience = given < patience ? given : patience;
                getPatience = null;
            }

            TimeSpan limit =
                isStaying ? (patience < _timeout ? patience : _timeout)
                : now.Clients.Count > 0 ? s_leavePatience
                : s_acceptPatience;
            TimeSpan waited = Stopwatch.GetElapsedTime(start);
            if (!isStaying && waited > s_stoppedPatience && StoppedProcess.FindOwner(now.Listener) is not null)
                return now; // it notices nothing; that it does not answer is for the caller to say

            if (waited >= limit)
                throw new ServerBusyException(FindClient(now));

            Pause(start);
        }
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens there, or the user may not connect.</exception>
    /// <exception cref="ServerBusyException">The queue of the server is full.</exception>
    /// <exception cref="TimeoutException">The server's host does not answer.</exception>
    public Socket Connect()
    {
        if (_address.Path is { } path)
            return Connect(AddressFamily.Unix, new UnixDomainSocketEndPoint(path));

        // A name may stand for addresses of both kinds, and the server listen on one only.
        SocketException? last = null;
        foreach (IPAddress address in FindAddresses())
        {
            try
            {
                return Connect(address.AddressFamily, new IPEndPoint(address, _address.Port));
            }
            catch (SocketException refused)
            {
                last = refused;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Waits until the server has taken a connection out of its queue.</summary>
    /// <returns>True when it has; false when it has not in time; null when that can't be known.</returns>
    public bool? WaitUntilAccepted(Socket connection)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            // Who sends, or has hung up, has accepted: also one that the tables do not show any more.
            if (connection.Poll(TimeSpan.Zero, SelectMode.SelectRead))
                return true;

            bool? isAccepted = _address.Path is null
                ? TcpServers.IsAccepted(connection)
                : UnixServers.IsAccepted(connection);
            if (isAccepted != false || Left <= TimeSpan.Zero || _cancellation.IsCancellationRequested)
                return isAccepted;

            Thread.Sleep(Stopwatch.GetElapsedTime(start) < s_longPause ? s_shortPause : s_longPause);
        }
    }

    /// <summary>Says who is connected to the server now; null when that can't be found.</summary>
    public string? FindClient()
    {
        ServerConnections? now = _address.Path is { } path
            ? UnixServers.Find(path)
            : TcpServers.Find(FindAddresses(), _address.Port);
        return now is null ? null
            : FindClient(now) is { } name ? name
            : now.Clients.Any(client => client.HasLeft != true) ? "a program of another user"
            : null;
    }

    private static string? FindClient(ServerConnections connections)
    {
        foreach (ServerClient client in connections.Clients)
        {
            if (client.HasLeft != true && (client.Remote ?? SocketHolder.Find(client.Inode)?.ToString()) is { } name)
                return name;
        }

        return null;
    }

    /// <summary>Finds the program of this host that is connected; null when none is, or it is another user's.</summary>
    private static SocketHolder? FindHolder(ServerConnections connections)
    {
        foreach (ServerClient client in connections.Clients)
        {
            if (client.HasLeft == false && SocketHolder.Find(client.Inode) is { } holder)
                return holder;
        }

        return null;
    }

    private Socket Connect(AddressFamily family, EndPoint place)
    {
        var socket = new Socket(
            family,
            SocketType.Stream,
            family == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp
        );
        try
        {
            if (family != AddressFamily.Unix)
                socket.NoDelay = true;

            // A blocking connect() has no end where a Unix socket's queue is full.
            socket.Blocking = false;
            long start = Stopwatch.GetTimestamp();
            while (!TryConnect(socket, place))
            {
                if (Left <= TimeSpan.Zero)
                    throw new ServerBusyException(FindClient());

                Pause(start);
            }

            socket.Blocking = true;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects, unless the queue is full.</summary>
    private bool TryConnect(Socket socket, EndPoint place)
    {
        try
        {
            socket.Connect(place);
            return true;
        }
        catch (SocketException waits)
            when (waits.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress or SocketError.TryAgain)
        {
            if (place is UnixDomainSocketEndPoint)
                return false;
        }

        while (!socket.Poll(s_longPause, SelectMode.SelectWrite) && !socket.Poll(TimeSpan.Zero, SelectMode.SelectError))
        {
            _cancellation.ThrowIfCancellationRequested();
            if (Left <= TimeSpan.Zero)
                throw new TimeoutException($"no answer within {_timeout.TotalSeconds:0.###} s");
        }

        int error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        return error == 0 ? true : throw new SocketException(error);
    }

    /// <summary>Looks a host's name up. That can't be interrupted; whoever waits for it can.</summary>
    private IPAddress[] FindAddresses()
    {
        if (IPAddress.TryParse(_address.Host, out IPAddress? literal))
            return [literal];

        Task<IPAddress[]> look = HostNames.FindAsync(_address.Host!);
        try
        {
            TimeSpan left = Left;
            return look.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero, _cancellation)
                ? look.Result
                : throw new TimeoutException($"the name {_address.Host} is not found in time");
        }
        catch (AggregateException failed) when (failed.InnerException is SocketException or ArgumentException)
        {
            throw failed.InnerException;
        }
    }

    private void Pause(long start)
    {
        TimeSpan time = Stopwatch.GetElapsedTime(start) < s_longPause ? s_shortPause : s_longPause;
        _cancellation.WaitHandle.WaitOne(time);
        _cancellation.ThrowIfCancellationRequested();
    }
}
