namespace Osprey.Target.Backends.Qemu.Replay;

/// <summary>A drive of a guest that is recorded.</summary>
/// <param name="File">The file that the user named.</param>
/// <param name="Format">Its format; null where QEMU is to find it.</param>
/// <param name="Image">The image over it, which is written in its place.</param>
public sealed record ReplayDrive(string File, string? Format, string Image);
