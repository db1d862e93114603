namespace Osprey.Tracing.AspNetCore;

/// <summary>Who may use the tracing endpoints.</summary>
public sealed class TracingEndpointOptions
{
    /// <summary>
    /// Whether clients of other hosts are answered. Without it, only requests that come over the loopback interface
    /// are, and none that a proxy forwarded.
    /// </summary>
    public bool AllowRemote { get; set; }

    /// <summary>
    /// A secret that a request must carry, as <c>Authorization: Bearer TOKEN</c>; null when none is needed.
    /// </summary>
    public string? Token { get; set; }
}
