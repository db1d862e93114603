namespace Osprey.Target.Unwinding;

/// <summary>Limits of unwinding.</summary>
public sealed record UnwinderOptions
{
    /// <summary>The options used where no others are given.</summary>
    public static UnwinderOptions Default { get; } = new();

    /// <summary>Most frames of one backtrace.</summary>
    public int MaxFrames
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = 4_096;

    /// <summary>
    /// Farthest in bytes that a saved frame pointer may lie above the one before it. Larger frames are hardly real.
    /// </summary>
    public ulong MaxFrameSize { get; init; } = 16 << 20;

    /// <summary>
    /// Tells whether frames are looked for by frame pointers where there is no call frame information.
    /// </summary>
    public bool UseFramePointers { get; init; } = true;
}
