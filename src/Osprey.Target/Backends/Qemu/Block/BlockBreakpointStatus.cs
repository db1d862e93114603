namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>A breakpoint, and whether a request came to it.</summary>
/// <param name="Breakpoint">The breakpoint; its event and drive are empty where nobody noted them.</param>
/// <param name="IsSuspended">
/// True when it holds a request; null when QEMU's memory can't be read, and with it whether it does.
/// </param>
public sealed record BlockBreakpointStatus(BlockBreakpoint Breakpoint, bool? IsSuspended);
