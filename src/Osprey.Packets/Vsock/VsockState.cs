namespace Osprey.Packets.Vsock;

/// <summary>The states of a connection, as its packets tell them.</summary>
public enum VsockState
{
    /// <summary>Asked for, and not answered yet.</summary>
    Requested,

    /// <summary>Accepted, or its packets show that it was.</summary>
    Open,

    /// <summary>One side said that it will not receive or not send any more.</summary>
    ShuttingDown,

    /// <summary>Ended in order: a shutdown, answered.</summary>
    Closed,

    /// <summary>Refused by the side that was asked.</summary>
    Refused,

    /// <summary>Ended by one side without a shutdown, or before the other answered it.</summary>
    Reset,

    /// <summary>Still not ended when its ends began another connection.</summary>
    Replaced,
}
