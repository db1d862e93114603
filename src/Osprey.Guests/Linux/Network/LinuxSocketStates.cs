using System.Globalization;

namespace Osprey.Guests.Linux.Network;

/// <summary>The kernel's numbers for states and protocols of sockets, in words.</summary>
internal static class LinuxSocketStates
{
    private static readonly string[] s_tcp =
    [
        "none",
        "established",
        "syn-sent",
        "syn-received",
        "fin-wait-1",
        "fin-wait-2",
        "time-wait",
        "closed",
        "close-wait",
        "last-ack",
        "listening",
        "closing",
        "syn-received", // TCP_NEW_SYN_RECV: not a socket yet
        "bound-inactive",
    ];

    private static readonly string[] s_netlink =
    [
        "route",
        "unused",
        "usersock",
        "firewall",
        "sock-diag",
        "nflog",
        "xfrm",
        "selinux",
        "iscsi",
        "audit",
        "fib-lookup",
        "connector",
        "netfilter",
        "ip6-fw",
        "dnrtmsg",
        "kobject-uevent",
        "generic",
        "17",
        "scsitransport",
        "ecryptfs",
        "rdma",
        "crypto",
        "smc",
    ];

    /// <summary>Names a state of TCP.</summary>
    public static string DescribeTcp(ulong state) => Find(s_tcp, state);

    /// <summary>Names a state of a protocol without connections of its own, or of a unix socket.</summary>
    public static string DescribeOther(ulong state) =>
        state switch
        {
            1 => "connected",
            7 => "unconnected",
            _ => Find(s_tcp, state),
        };

    /// <summary>Names the part of the kernel at the other end of a netlink socket.</summary>
    public static string NameNetlink(ulong protocol) => Find(s_netlink, protocol);

    private static string Find(string[] names, ulong number) =>
        number < (ulong)names.Length ? names[(int)number] : number.ToString(CultureInfo.InvariantCulture);
}
