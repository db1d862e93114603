namespace Osprey.Target.Unwinding;

/// <summary>How a frame was found.</summary>
public enum FrameOrigin
{
    /// <summary>It is the innermost: its registers were given.</summary>
    Start,

    /// <summary>By call frame information.</summary>
    CallFrameInformation,

    /// <summary>By the chain of frame pointers.</summary>
    FramePointer,
}
