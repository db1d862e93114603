namespace Osprey.Target.Backends.Qemu.Qmp;

/// <summary>Something that happened to a guest, as QEMU reported it.</summary>
/// <param name="Name">QMP's name of it, such as "STOP" or "RESUME".</param>
/// <param name="Received">When it arrived here.</param>
public sealed record QmpEvent(string Name, DateTimeOffset Received);
