namespace Osprey.Rsp.Packets;

/// <summary>The reasons that a stub gives for a program that does not run.</summary>
public enum StopKind
{
    /// <summary><c>S</c> or <c>T</c>: a signal stopped the program.</summary>
    Signal,

    /// <summary><c>W</c>: the program ended; for a virtual machine, QEMU itself ended.</summary>
    Exited,

    /// <summary><c>X</c>: a signal ended the program.</summary>
    Terminated,
}
