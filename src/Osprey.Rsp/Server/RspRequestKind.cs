namespace Osprey.Rsp.Server;

/// <summary>The kinds of things that a debugger sends to a server.</summary>
public enum RspRequestKind
{
    /// <summary>A packet.</summary>
    Packet,

    /// <summary>The wish that the program stops.</summary>
    Interrupt,

    /// <summary>A packet that is longer than the server takes; it is answered by an error.</summary>
    Oversized,

    /// <summary>The connection ended.</summary>
    Closed,
}
