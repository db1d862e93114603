using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Session.Guests;

/// <summary>A guest of this host and what can be reached of it.</summary>
/// <param name="Process">Its QEMU.</param>
/// <param name="State">
/// QMP's word for what it does, such as "running" or "paused"; "stopped" when QEMU itself is, as by SIGSTOP; null when
/// QMP can't be asked.
/// </param>
/// <param name="CanReadMemory">
/// True when this user may read its RAM while it runs; null when that was not seen in time.
/// </param>
/// <param name="Qmp">The address of its QMP socket; null when it has none.</param>
/// <param name="QmpProblem">The reason why QMP can't be asked; null when it can, or there is none.</param>
/// <param name="Gdb">The address of its gdb stub; null when it has none.</param>
public sealed record GuestListing(
    QemuProcess Process,
    string? State,
    bool? CanReadMemory,
    string? Qmp,
    string? QmpProblem,
    string? Gdb
)
{
    /// <summary>The number of its vCPUs: as QMP says, else as QEMU was told; null when neither is known.</summary>
    public int? CpuCount { get; init; }

    /// <summary>Its memory in bytes: as QMP says, else as QEMU was told; null when neither is known.</summary>
    public ulong? MemorySize { get; init; }
}
