namespace Osprey.Rest.Dumps;

/// <summary>The result of a finished download.</summary>
/// <param name="Path">The file that was written.</param>
/// <param name="Received">The size of the dump in bytes.</param>
/// <param name="Elapsed">The time from the first byte to the last.</param>
public sealed record DownloadResult(string Path, long Received, TimeSpan Elapsed);
