namespace Osprey.Guests.Linux.Processes;

/// <summary>What the kernel keeps of a mapping (<c>vm_area_struct</c>).</summary>
internal readonly record struct LinuxMappingState(ulong Address, ulong Start, ulong End, ulong Flags)
{
    /// <summary>The file that is mapped; 0 for none.</summary>
    public ulong File { get; init; }

    /// <summary>The place in the file, in pages.</summary>
    public ulong PageOffset { get; init; }

    /// <summary>The functions for it; 0 for none.</summary>
    public ulong Ways { get; init; }

    /// <summary>What belongs to these functions.</summary>
    public ulong Own { get; init; }

    /// <summary>The name that the process gave it; 0 for none.</summary>
    public ulong Name { get; init; }

    /// <summary>The next mapping of the process; 0 for none, null in kernels that have a tree.</summary>
    public ulong? Next { get; init; }

    /// <summary>True for the page of the kernel's that all processes have.</summary>
    public bool IsGate { get; init; }
}
