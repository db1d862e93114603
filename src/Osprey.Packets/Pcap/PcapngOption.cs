namespace Osprey.Packets.Pcap;

/// <summary>
/// Numbers of the pcapng options that we read or write. From 2 on they mean different things in different blocks.
/// </summary>
internal static class PcapngOption
{
    public const ushort End = 0; // opt_endofopt
    public const ushort Comment = 1; // opt_comment
    public const ushort PacketFlags = 2; // epb_flags
    public const ushort InterfaceName = 2; // if_name
    public const ushort StartTime = 2; // isb_starttime
    public const ushort InterfaceDescription = 3; // if_description
    public const ushort EndTime = 3; // isb_endtime
    public const ushort Application = 4; // shb_userappl
    public const ushort PacketDrops = 4; // epb_dropcount
    public const ushort InterfaceReceived = 4; // isb_ifrecv
    public const ushort InterfaceDrops = 5; // isb_ifdrop
    public const ushort PacketQueue = 6; // epb_queue
    public const ushort SystemDrops = 7; // isb_osdrop
    public const ushort TimeResolution = 9; // if_tsresol
    public const ushort TimeOffset = 14; // if_tsoffset
}
