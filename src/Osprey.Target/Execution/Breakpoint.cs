namespace Osprey.Target.Execution;

/// <summary>A breakpoint or a watchpoint.</summary>
/// <param name="Kind">What it waits for.</param>
/// <param name="Address">The virtual address, in whatever address space a vCPU uses.</param>
/// <param name="Size">For a watchpoint how many bytes are watched; for others it does not count.</param>
public readonly record struct Breakpoint(BreakpointKind Kind, ulong Address, int Size = 1)
{
    /// <summary>Tells whether it waits for an instruction rather than for an access to memory.</summary>
    public bool IsInstruction => Kind is BreakpointKind.Software or BreakpointKind.Hardware;
}
