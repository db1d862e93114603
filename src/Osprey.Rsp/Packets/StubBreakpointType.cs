namespace Osprey.Rsp.Packets;

/// <summary>The types of breakpoints in the packets <c>Z</c> and <c>z</c>, by their numbers there.</summary>
public enum StubBreakpointType
{
    /// <summary>A breakpoint; the stub chooses how.</summary>
    Software = 0,

    /// <summary>A breakpoint in a debug register.</summary>
    Hardware = 1,

    /// <summary>Stops when memory is written.</summary>
    Write = 2,

    /// <summary>Stops when memory is read.</summary>
    Read = 3,

    /// <summary>Stops when memory is read or written.</summary>
    Access = 4,
}
