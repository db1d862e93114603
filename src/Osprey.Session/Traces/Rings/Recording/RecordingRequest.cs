namespace Osprey.Session.Traces.Rings.Recording;

/// <summary>The recording that a user asked for.</summary>
/// <param name="Path">The file to write or replace.</param>
public sealed record RecordingRequest(string Path)
{
    /// <summary>The time after which it ends; null for none.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The size in bytes at which a file ends; null for none.</summary>
    public long? MaxSize { get; init; }

    /// <summary>
    /// The number of files that are kept, when a full file is followed by a new one; 0 to end with the first full one.
    /// </summary>
    public int Rotate { get; init; }

    /// <summary>True to begin with the samples that the rings have already.</summary>
    public bool WithHistory { get; init; }

    /// <summary>The least time between two looks at the rings; for tests that want it to fall behind.</summary>
    internal TimeSpan LeastPause { get; init; } = TimeSpan.FromMilliseconds(1);
}
