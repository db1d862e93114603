namespace Osprey.Session.Captures;

/// <summary>The reason why a capture ended.</summary>
public enum CaptureEnd
{
    /// <summary>The user wished so.</summary>
    Asked,

    /// <summary>Its time was over.</summary>
    Duration,

    /// <summary>It had the number of packets that was asked for.</summary>
    Count,

    /// <summary>The guest ended.</summary>
    GuestEnded,
}
