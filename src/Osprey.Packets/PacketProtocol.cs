namespace Osprey.Packets;

/// <summary>The protocol number of OSv's packet tracepoints: FreeBSD's netisr table.</summary>
/// <remarks>
/// It says where the captured bytes begin: at the Ethernet header, or behind a link header that is gone.
/// </remarks>
public enum PacketProtocol
{
    IPv4 = 1, // NETISR_IP
    Igmp = 2, // NETISR_IGMP
    Route = 3, // NETISR_ROUTE
    Aarp = 4, // NETISR_AARP
    AppleTalk2 = 5, // NETISR_ATALK2
    AppleTalk1 = 6, // NETISR_ATALK1
    Arp = 7, // NETISR_ARP
    Ipx = 8, // NETISR_IPX
    Ethernet = 9, // NETISR_ETHER
    IPv6 = 10, // NETISR_IPV6
    Natm = 11, // NETISR_NATM
    Epair = 12, // NETISR_EPAIR
    Netlink = 13, // NETISR_NETLINK
}
