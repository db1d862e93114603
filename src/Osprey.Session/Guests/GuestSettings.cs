using Osprey.Guests;
using Osprey.Target.Execution;

namespace Osprey.Session.Guests;

/// <summary>The guest to look into, and the means for it, as the user asked.</summary>
public sealed record GuestSettings
{
    /// <summary>The guest.</summary>
    public TargetSpec Target { get; init; } = TargetSpec.Any;

    /// <summary>
    /// The QMP socket of the guest's QEMU: a path, <c>unix:PATH</c> or <c>HOST:PORT</c>; null for one that QEMU was
    /// told of.
    /// </summary>
    public string? QmpAddress { get; init; }

    /// <summary>The kernel as an ELF file; null to look for it.</summary>
    public string? ExecutablePath { get; init; }

    /// <summary>Folders to look for the kernel's ELF file in, the first one first; none to look in none.</summary>
    public IReadOnlyList<string> SearchFolders { get; init; } = [];

    /// <summary>Other programs, each <c>PATH@BASE</c>.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>
    /// True to look, on this host, for the files of the programs and libraries that the guest has loaded.
    /// </summary>
    public bool FindsModules { get; init; } = true;

    /// <summary>True to use ELF files although the guest's memory holds other code.</summary>
    public bool AcceptAnyBuild { get; init; }

    /// <summary>True to leave the index on disk alone.</summary>
    public bool NoCache { get; init; }

    /// <summary>The vCPU whose address space and registers count; null for the first.</summary>
    public int? Cpu { get; init; }

    /// <summary>
    /// The thread of the guest whose registers and variables count, by number, address or name; null for a vCPU's.
    /// </summary>
    public string? Thread { get; init; }

    /// <summary>
    /// The process of the guest whose memory counts, by the number, address or name of one of its threads; null for
    /// that of a vCPU or thread.
    /// </summary>
    public string? Process { get; init; }

    /// <summary>Physical address of the page tables to use, as CR3 holds it; null for those of the vCPU.</summary>
    public ulong? PageTableRoot { get; init; }

    /// <summary>The things that the user allowed beyond reading; nothing unless a front end says so.</summary>
    public TargetPermissions Permissions { get; init; }

    /// <summary>The operating systems to try, in this order.</summary>
    public IReadOnlyList<GuestDetector> Systems { get; init; } = GuestSystems.Known;
}
