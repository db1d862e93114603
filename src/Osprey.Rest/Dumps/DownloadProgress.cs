namespace Osprey.Rest.Dumps;

/// <summary>The progress of a download.</summary>
/// <param name="Received">The bytes that have arrived.</param>
/// <param name="Total">The bytes of the whole dump; null when the guest does not say.</param>
/// <param name="Elapsed">The time since the first byte arrived, without the guest's preparation.</param>
public sealed record DownloadProgress(long Received, long? Total, TimeSpan Elapsed)
{
    /// <summary>The average rate in bytes per second; null when no time has passed yet.</summary>
    public double? BytesPerSecond => Elapsed > TimeSpan.Zero ? Received / Elapsed.TotalSeconds : null;

    /// <summary>The part that has arrived, from 0 to 1; null when the total is unknown.</summary>
    public double? Fraction => Total is > 0 ? Math.Min(1.0, (double)Received / Total.Value) : null;
}
