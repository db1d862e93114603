namespace Osprey.Dap;

/// <summary>The guest that a client wishes to debug, and what it may do to it.</summary>
public sealed record GuestWish
{
    /// <summary>The guest, as <c>--target</c> names it; null for the only one of this host.</summary>
    public string? Target { get; init; }

    /// <summary>QEMU's QMP socket; null for one that QEMU was told of.</summary>
    public string? Qmp { get; init; }

    /// <summary>The guest's kernel as an ELF file; null to look for it.</summary>
    public string? ExecutablePath { get; init; }

    /// <summary>Other programs, each <c>PATH@BASE</c>.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Folders to look for files in that the guest has loaded.</summary>
    public IReadOnlyList<string> Sysroots { get; init; } = [];

    /// <summary>Tells whether to use ELF files although the guest's memory holds something else.</summary>
    public bool AcceptsAnyBuild { get; init; }

    /// <summary>Tells whether to leave the index of debug info on disk alone.</summary>
    public bool NoCache { get; init; }

    /// <summary>Tells whether to look only: the guest is never stopped.</summary>
    public bool IsLook { get; init; }

    /// <summary>Tells whether the client may write the guest's memory.</summary>
    public bool MayWrite { get; init; }
}
