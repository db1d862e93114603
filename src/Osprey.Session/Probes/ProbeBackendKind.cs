namespace Osprey.Session.Probes;

/// <summary>The ways to trace probes.</summary>
public enum ProbeBackendKind
{
    /// <summary>The kernel's uprobes where they are allowed, else breakpoints.</summary>
    Auto,

    /// <summary>The kernel's uprobes.</summary>
    Kernel,

    /// <summary>Breakpoints by ptrace.</summary>
    Ptrace,
}
