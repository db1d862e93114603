namespace Osprey.Packets;

/// <summary>The protocol number of OSv's packet tracepoints: FreeBSD's netisr table.</summary>
/// <remarks>
/// It says where the captured bytes begin: at the Ethernet header, or behind a link header that is gone.
/// </remarks>
public enum PacketProtocol
{
    /// <summary>IP version 4, without a link header.</summary>
    IPv4 = 1, // NETISR_IP

    /// <summary>Internet group management.</summary>
    Igmp = 2, // NETISR_IGMP

    /// <summary>Messages of routing sockets.</summary>
    Route = 3, // NETISR_ROUTE

    /// <summary>AppleTalk's address resolution.</summary>
    Aarp = 4, // NETISR_AARP

    /// <summary>AppleTalk, phase 2.</summary>
    AppleTalk2 = 5, // NETISR_ATALK2

    /// <summary>AppleTalk, phase 1.</summary>
    AppleTalk1 = 6, // NETISR_ATALK1

    /// <summary>Address resolution.</summary>
    Arp = 7, // NETISR_ARP

    /// <summary>Novell's IPX.</summary>
    Ipx = 8, // NETISR_IPX

    /// <summary>A whole Ethernet frame.</summary>
    Ethernet = 9, // NETISR_ETHER

    /// <summary>IP version 6, without a link header.</summary>
    IPv6 = 10, // NETISR_IPV6

    /// <summary>ATM without a network layer.</summary>
    Natm = 11, // NETISR_NATM

    /// <summary>A pair of virtual Ethernet interfaces.</summary>
    Epair = 12, // NETISR_EPAIR

    /// <summary>Messages of netlink sockets.</summary>
    Netlink = 13, // NETISR_NETLINK
}
