namespace Osprey.Rsp.Framing;

/// <summary>What stands at the front of a stream of the remote serial protocol.</summary>
public enum RspInputKind
{
    /// <summary><c>$body#cc</c> with the right checksum.</summary>
    Packet,

    /// <summary>
    /// <c>%body#cc</c> with the right checksum: something that happened, not a reply. Never acknowledged.
    /// </summary>
    Notification,

    /// <summary><c>+</c>: the last packet arrived.</summary>
    Ack,

    /// <summary><c>-</c>: the last packet arrived broken; it is to be sent again.</summary>
    Nack,

    /// <summary>The byte 0x03: the one who debugs wants the program to stop.</summary>
    Interrupt,

    /// <summary>A packet whose checksum is wrong.</summary>
    Corrupt,

    /// <summary>
    /// The beginning of a packet that is longer than the limit. The rest of it will look like <see cref="Garbage"/>.
    /// </summary>
    Oversized,

    /// <summary>Bytes outside any packet, or a packet that was cut off by the start of another.</summary>
    Garbage,
}
