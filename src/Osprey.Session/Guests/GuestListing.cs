using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Session.Guests;

/// <summary>A guest of this host and what can be reached of it.</summary>
/// <param name="Process">Its QEMU.</param>
/// <param name="State">
/// QMP's word for what it does, such as "running" or "paused"; null when QMP can't be asked.
/// </param>
/// <param name="CanReadMemory">Whether this user may read its RAM while it runs.</param>
/// <param name="Qmp">Where QMP is spoken; null when nowhere.</param>
/// <param name="QmpProblem">Why QMP can't be asked; null when it can, or there is none.</param>
/// <param name="Gdb">Where its gdb stub listens; null when nowhere.</param>
public sealed record GuestListing(
    QemuProcess Process,
    string? State,
    bool CanReadMemory,
    string? Qmp,
    string? QmpProblem,
    string? Gdb
);
