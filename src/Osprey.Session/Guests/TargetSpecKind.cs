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

    /// <summary>A core file, of a guest or of a .NET program that uses Osprey.Tracing.</summary>
    CoreFile,

    /// <summary>A .NET program of this host that uses Osprey.Tracing, by process id.</summary>
    Program,
}
