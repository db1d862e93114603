namespace Osprey.Guests.Linux.Files;

/// <summary>The path of a file.</summary>
/// <param name="Text">The path.</param>
/// <param name="IsReachable">False when it does not begin at the root that was asked for.</param>
internal readonly record struct LinuxPath(string Text, bool IsReachable);
