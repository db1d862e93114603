namespace Osprey.Rest.Dumps;

/// <summary>How far a download is.</summary>
/// <param name="Received">Bytes that have come.</param>
/// <param name="Total">Bytes that will come; null when the guest does not say.</param>
/// <param name="Elapsed">Time since the dump began to come: the guest's preparation is not in it.</param>
public sealed record DownloadProgress(long Received, long? Total, TimeSpan Elapsed)
{
    /// <summary>Mean bytes a second; null before any time has passed.</summary>
    public double? BytesPerSecond => Elapsed > TimeSpan.Zero ? Received / Elapsed.TotalSeconds : null;

    /// <summary>From 0 to 1; null when the total is not known.</summary>
    public double? Fraction => Total is > 0 ? Math.Min(1.0, (double)Received / Total.Value) : null;
}
