namespace Osprey.Rsp.Packets;

/// <summary>Why a stub says that the program does not run.</summary>
public enum StopKind
{
    /// <summary><c>S</c> or <c>T</c>: it stopped by a signal.</summary>
    Signal,

    /// <summary><c>W</c>: it ended; of QEMU itself when the guest is a machine.</summary>
    Exited,

    /// <summary><c>X</c>: it was ended by a signal.</summary>
    Terminated,
}
