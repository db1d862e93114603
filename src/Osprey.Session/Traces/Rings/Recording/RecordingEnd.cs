namespace Osprey.Session.Traces.Rings.Recording;

/// <summary>The reason why a recording ended.</summary>
public enum RecordingEnd
{
    /// <summary>The user ended it.</summary>
    Asked,

    /// <summary>Its time was over.</summary>
    Duration,

    /// <summary>The file had the size that was allowed.</summary>
    Size,

    /// <summary>The guest ended, or can't be reached any more.</summary>
    GuestEnded,
}
