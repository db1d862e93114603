namespace Osprey.Session.Guests;

/// <summary>Ways to name a guest.</summary>
public enum TargetSpecKind
{
    /// <summary>The only one there is.</summary>
    Any,

    /// <summary>A QEMU of this host, by process id or by the guest's name.</summary>
    Process,

    /// <summary>A gdb stub, by address.</summary>
    GdbStub,

    /// <summary>A core file.</summary>
    CoreFile,
}
