namespace Osprey.Rsp.Framing;

/// <summary>The kinds of inputs in a stream of the remote serial protocol.</summary>
internal enum RspInputKind
{
    /// <summary>A packet <c>$body#cc</c> with the right checksum.</summary>
    Packet,

    /// <summary>
    /// A notification <c>%body#cc</c> with the right checksum: reports an event, is not a reply, and is never
    /// acknowledged.
    /// </summary>
    Notification,

    /// <summary>The byte <c>+</c>: the last packet arrived.</summary>
    Ack,

    /// <summary>The byte <c>-</c>: the last packet arrived broken and must be sent again.</summary>
    Nack,

    /// <summary>The byte 0x03: the debugger wants the program to stop.</summary>
    Interrupt,

    /// <summary>A packet with a wrong checksum.</summary>
    Corrupt,

    /// <summary>
    /// The beginning of a packet that is longer than the limit. The rest of it is then read as <see cref="Garbage"/>.
    /// </summary>
    Oversized,

    /// <summary>Bytes outside of packets, or a packet that ends where another one starts.</summary>
    Garbage,
}
