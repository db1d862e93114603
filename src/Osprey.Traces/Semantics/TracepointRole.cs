namespace Osprey.Traces.Semantics;

/// <summary>The events that analyses look for, whatever a source calls the tracepoints that record them.</summary>
public enum TracepointRole
{
    /// <summary>Any other event.</summary>
    None,

    /// <summary>A thread begins to wait.</summary>
    Wait,

    /// <summary>The thread runs again.</summary>
    WaitEnd,

    /// <summary>A thread is woken; the role's argument is that thread.</summary>
    Wake,

    /// <summary>A CPU begins to idle.</summary>
    Idle,

    /// <summary>The CPU has work again.</summary>
    IdleEnd,

    /// <summary>A CPU switches from the sample's thread to another; the role's argument is the other one.</summary>
    Switch,

    /// <summary>The length of a CPU's run queue; it is the role's argument.</summary>
    RunQueue,

    /// <summary>A thread begins to wait for a lock.</summary>
    LockWait,

    /// <summary>The thread has the lock.</summary>
    LockWaitEnd,

    /// <summary>Memory is allocated; see <see cref="TraceSemantics.FindAllocation"/>.</summary>
    Allocation,

    /// <summary>A packet comes in; see <see cref="TraceSemantics.FindPacket"/>.</summary>
    PacketIn,

    /// <summary>A packet goes out.</summary>
    PacketOut,

    /// <summary>A TCP connection changes its state; see <see cref="TraceSemantics.FindTcpState"/>.</summary>
    TcpState,

    /// <summary>A function is entered; the role's argument is its address.</summary>
    FunctionEntry,

    /// <summary>The function returns; the role's argument is its address.</summary>
    FunctionExit,
}
