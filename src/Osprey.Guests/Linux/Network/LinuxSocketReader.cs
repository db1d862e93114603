using System.Globalization;
using System.Net;
using Osprey.Guests.Network;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Network;

/// <summary>Reads sockets of each kind.</summary>
/// <remarks>
/// All begin with a <c>sock_common</c>. Connections that are made or end (<c>request_sock</c>,
/// <c>inet_timewait_sock</c>) have no more of a socket than that.
/// </remarks>
internal sealed class LinuxSocketReader
{
    private const int Version6Length = 16;
    private const ulong Version6 = 10; // AF_INET6
    private const ulong TimeWait = 6; // TCP_TIME_WAIT
    private const ulong NewRequest = 12; // TCP_NEW_SYN_RECV
    private const ulong Established = 1; // TCP_ESTABLISHED
    private const ulong Listening = 10; // TCP_LISTEN
    private const ulong Tcp = 6; // IPPROTO_TCP
    private const ulong Udp = 17; // IPPROTO_UDP
    private const ulong UdpLite = 136; // IPPROTO_UDPLITE
    private const ulong Stream = 1; // SOCK_STREAM
    private const ulong RawType = 3; // SOCK_RAW

    private readonly IMemoryReader _memory;
    private readonly ulong _network;
    private readonly ILookup<ulong, GuestSocketUser> _users;
    private readonly Action<string> _addDefect;
    private readonly LinuxSocketLayout _layout;
    private readonly LinuxSocketQueues _queues;
    private readonly LinuxUnixNames _names;

    /// <exception cref="TargetException">The kernel's types are not known, or not understood.</exception>
    public LinuxSocketReader(
        GuestKernel kernel,
        ulong network,
        ILookup<ulong, GuestSocketUser> users,
        Action<string> addDefect
    )
    {
        _memory = kernel.Values.Memory;
        (_network, _users, _addDefect) = (network, users, addDefect);
        _layout = new LinuxSocketLayout(kernel);
        _queues = new LinuxSocketQueues(kernel, addDefect);
        _names = new LinuxUnixNames(kernel);
    }

    /// <summary>
    /// Reads a socket of TCP, UDP or a raw one; null when it is of another network, or can't be read.
    /// </summary>
    public GuestSocket? ReadInternet(ulong address)
    {
        if (!TryCopy(address, out ReadOnlySpan<byte> common) || !IsOurs(common))
            return null;

        ulong state = _layout.State.Get(common) ?? 0;
        bool isVersion6 = _layout.Family.Get(common) == Version6;
        ulong port = _layout.Port.Get(common) ?? 0;
        ulong remotePort = Swap(_layout.RemotePort.Get(common) ?? 0);
        byte[] local = GetAddress(common, isVersion6 ? _layout.Local6 : _layout.Local);
        byte[] remote = GetAddress(common, isVersion6 ? _layout.Remote6 : _layout.Remote);
        bool isWhole = state is not (TimeWait or NewRequest);
        ulong protocol = isWhole ? _layout.Protocol?.Read(_memory, address) ?? Tcp : Tcp;
        bool isRaw = isWhole && _layout.Type?.Read(_memory, address) == RawType;
        string name = isRaw
            ? "raw"
            : protocol switch
            {
                Tcp => "tcp",
                Udp => "udp",
                UdpLite => "udplite",
                _ => string.Create(CultureInfo.InvariantCulture, $"ip{protocol}"),
            };
        var socket = new GuestSocket(
            address,
            isVersion6 ? name + "6" : name,
            isWhole ? DescribeType(address) : "stream",
            name == "tcp" ? LinuxSocketStates.DescribeTcp(state) : LinuxSocketStates.DescribeOther(state)
        )
        {
            Local = Format(local, port),
            Remote = remotePort == 0 && remote.All(item => item == 0) ? null : Format(remote, remotePort),
        };
        return isWhole ? Complete(socket, _queues.ReadInternet(address, protocol, state, isRaw)) : socket;
    }

    /// <summary>Reads a socket within the machine; null when it is of another network, or can't be read.</summary>
    public GuestSocket? ReadUnix(ulong address)
    {
        if (!TryCopy(address, out ReadOnlySpan<byte> common) || !IsOurs(common))
            return null;

        ulong state = _layout.State.Get(common) ?? 0;
        ulong? peer = _names.ReadPeer(address);
        ulong? type = _layout.Type?.Read(_memory, address);
        bool hasFile = _layout.FindInode(_memory, address) is not null;
        var socket = new GuestSocket(
            address,
            "unix",
            DescribeType(address),
            state == Established && !hasFile ? "connecting" : LinuxSocketStates.DescribeOther(state)
        )
        {
            Local = _names.ReadName(address),
            Remote = peer is > 0 and var other ? DescribePeer(other) : null,
        };
        return Complete(socket, _queues.ReadUnix(address, state == Listening, type == Stream));
    }

    /// <summary>Reads a socket to the kernel; null when it is of another network, or can't be read.</summary>
    public GuestSocket? ReadNetlink(ulong address)
    {
        if (!TryCopy(address, out ReadOnlySpan<byte> common) || !IsOurs(common))
            return null;

        ulong? protocol = _layout.Protocol?.Read(_memory, address);
        ulong? port = _layout.NetlinkPort?.Read(_memory, address);
        var socket = new GuestSocket(address, "netlink", DescribeType(address), null)
        {
            Local = string.Create(
                CultureInfo.InvariantCulture,
                $"{(protocol is { } number ? LinuxSocketStates.NameNetlink(number) : "?")}:{port}"
            ),
        };
        return Complete(socket, _queues.ReadPlain(address));
    }

    /// <summary>Reads a socket for packets of a device; null when it can't be read.</summary>
    public GuestSocket? ReadPacket(ulong address)
    {
        if (!TryCopy(address, out ReadOnlySpan<byte> common) || !IsOurs(common))
            return null;

        ulong? protocol = _layout.PacketProtocol?.Read(_memory, address);
        var socket = new GuestSocket(address, "packet", DescribeType(address), null)
        {
            Local = protocol is { } number ? string.Create(CultureInfo.InvariantCulture, $"0x{Swap(number):x4}") : null,
        };
        return Complete(socket, _queues.ReadPlain(address));
    }

    private GuestSocket Complete(GuestSocket socket, LinuxSocketQueue queue)
    {
        ulong? inode = _layout.FindInode(_memory, socket.Address);
        return socket with
        {
            ReceiveQueue = queue.Received,
            SendQueue = queue.Sent,
            Backlog = queue.Backlog,
            Inode = inode,
            Users = inode is { } number ? [.. _users[number]] : [],
        };
    }

    private bool TryCopy(ulong address, out ReadOnlySpan<byte> common)
    {
        if (_layout.Common.TryCopy(address, out common))
            return true;

        _addDefect("a socket can't be read");
        return false;
    }

    private bool IsOurs(ReadOnlySpan<byte> common) => _layout.Network.Get(common) == _network;

    private string DescribePeer(ulong peer)
    {
        string number = _layout.FindInode(_memory, peer) is { } inode
            ? string.Create(CultureInfo.InvariantCulture, $"socket:[{inode}]")
            : "socket that is not accepted yet";
        return _names.ReadName(peer) is { } name ? $"{number} {name}" : number;
    }

    private string? DescribeType(ulong address) =>
        (_layout.Type?.Read(_memory, address) ?? _layout.ReadOldType(_memory, address)) switch
        {
            Stream => "stream",
            2 => "datagram",
            RawType => "raw",
            5 => "packets",
            _ => null,
        };

    private static byte[] GetAddress(ReadOnlySpan<byte> common, LinuxField? field) =>
        field is { } place && place.End <= common.Length ? common[place.Offset..place.End].ToArray() : [];

    private static string? Format(byte[] address, ulong port) =>
        address.Length switch
        {
            0 => null,
            Version6Length => string.Create(CultureInfo.InvariantCulture, $"[{new IPAddress(address)}]:{port}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(address)}:{port}"),
        };

    private static ulong Swap(ulong port) => ((port & 0xff) << 8) | (port >> 8 & 0xff);
}
