namespace Osprey.Packets.Internet;

/// <summary>IANA's numbers of the protocols inside IP that are decoded further.</summary>
internal static class IpProtocols
{
    public const byte HopByHop = 0;
    public const byte Icmp = 1;
    public const byte Igmp = 2;
    public const byte IPv4 = 4;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Dccp = 33;
    public const byte IPv6 = 41;
    public const byte Routing = 43;
    public const byte Fragment = 44;
    public const byte Esp = 50;
    public const byte Authentication = 51;
    public const byte IcmpV6 = 58;
    public const byte None = 59;
    public const byte DestinationOptions = 60;
    public const byte SunNd = 77;
    public const byte Sctp = 132;

    /// <summary>Tells whether a packet's line begins with addresses and ports, not with the addresses alone.</summary>
    public static bool HasPorts(byte protocol) => protocol is Tcp or Udp or Sctp or Dccp;
}
