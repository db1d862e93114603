namespace Osprey.Tests.Guests.Qmp;

/// <summary>Something that QEMU told of.</summary>
/// <param name="Name">What, such as "STOP" and "RESUME".</param>
/// <param name="Time">When, by QEMU's clock: since 1970.</param>
internal readonly record struct QmpEvent(string Name, TimeSpan Time);
