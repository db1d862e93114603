namespace Osprey.Session.Captures;

/// <summary>When a capture ends by itself.</summary>
/// <param name="Duration">After this time; null for never.</param>
/// <param name="Count">After this many packets; null for never.</param>
public sealed record CaptureRequest(TimeSpan? Duration = null, long? Count = null)
{
    /// <summary>Told once, when everything that is put into the queues from now on is seen.</summary>
    public Action? Started { get; init; }
}
