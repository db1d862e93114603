namespace Osprey.Session.Guests;

/// <summary>Which guest to look into, and with what, as the user asked.</summary>
public sealed record GuestSettings
{
    /// <summary>The guest.</summary>
    public TargetSpec Target { get; init; } = TargetSpec.Any;

    /// <summary>The kernel as an ELF file; null to look for it.</summary>
    public string? ExecutablePath { get; init; }

    /// <summary>Other programs, each <c>PATH@BASE</c>.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Whether ELF files are used although the guest's memory holds other code.</summary>
    public bool AcceptAnyBuild { get; init; }

    /// <summary>Leave the index on disk alone.</summary>
    public bool NoCache { get; init; }

    /// <summary>The vCPU whose address space and registers count; null for the first.</summary>
    public int? Cpu { get; init; }

    /// <summary>Physical address of the page tables to use, as CR3 holds it; null for those of the vCPU.</summary>
    public ulong? PageTableRoot { get; init; }
}
