namespace Osprey.Target.Backends.CoreFile;

/// <summary>The progress of writing a core.</summary>
/// <param name="Done">Bytes of the guest's memory that were looked at.</param>
/// <param name="Total">Bytes that it has.</param>
public readonly record struct CoreProgress(ulong Done, ulong Total);
