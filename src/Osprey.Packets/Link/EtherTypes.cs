namespace Osprey.Packets.Link;

/// <summary>The Ethernet types that packets are told apart by.</summary>
internal static class EtherTypes
{
    public const ushort IPv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort ReverseArp = 0x8035;
    public const ushort Aarp = 0x80f3; // AppleTalk's
    public const ushort Vlan = 0x8100; // 802.1Q
    public const ushort Ipx = 0x8137;
    public const ushort IPv6 = 0x86dd;
    public const ushort ServiceVlan = 0x88a8; // 802.1ad
    public const ushort OldVlan = 0x9100;
    public const ushort OldVlan2 = 0x9200;

    /// <summary>Above this a type field is a type; up to it, it is the length of an 802.3 frame.</summary>
    public const ushort LargestLength = 1500;

    /// <summary>A type's usual name, empty for one without.</summary>
    public static ReadOnlySpan<byte> GetName(ushort type) =>
        type switch
        {
            IPv4 => "IPv4"u8,
            Arp => "ARP"u8,
            0x0600 => "NS"u8,
            0x1000 => "Trail"u8,
            0x6001 => "MOP DL"u8,
            0x6002 => "MOP RC"u8,
            0x6003 => "DN"u8,
            0x6004 => "LAT"u8,
            0x6007 => "SCA"u8,
            0x6558 => "TEB"u8,
            ReverseArp => "Reverse ARP"u8,
            0x8038 => "Lanbridge"u8,
            0x803c => "DEC DNS"u8,
            0x803e => "DEC DTS"u8,
            0x809b => "Appletalk"u8,
            0x80f3 => "Appletalk ARP"u8,
            Vlan => "802.1Q"u8,
            Ipx => "IPX"u8,
            IPv6 => "IPv6"u8,
            0x8808 => "MPCP"u8,
            0x8809 => "Slow Protocols"u8,
            0x880b => "PPP"u8,
            0x8847 => "MPLS unicast"u8,
            0x8848 => "MPLS multicast"u8,
            0x8863 => "PPPoE D"u8,
            0x8864 => "PPPoE S"u8,
            0x886f => "MS NLB heartbeat"u8,
            0x8870 => "Jumbo"u8,
            0x888e => "EAPOL"u8,
            0x8899 => "Realtek protocols"u8,
            0x88a2 => "AoE"u8,
            ServiceVlan => "802.1Q-QinQ"u8,
            0x88ca => "TIPC"u8,
            0x88cc => "LLDP"u8,
            0x88e5 => "802.1AE MACsec"u8,
            0x88f7 => "PTP"u8,
            0x8902 => "CFM"u8,
            0x893a => "IEEE1905.1"u8,
            0x894f => "NSH"u8,
            0x9000 => "Loopback"u8,
            OldVlan => "802.1Q-9100"u8,
            OldVlan2 => "802.1Q-9200"u8,
            _ => [],
        };
}
