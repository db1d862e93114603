namespace Osprey.Rest.Dumps;

/// <summary>A finished download.</summary>
/// <param name="Path">The file that was written.</param>
/// <param name="Received">Bytes of the dump.</param>
/// <param name="Elapsed">Time since the dump began to come.</param>
public sealed record DownloadResult(string Path, long Received, TimeSpan Elapsed);
