namespace Osprey.Target.Unwinding;

/// <summary>The way in which a frame was found.</summary>
public enum FrameOrigin
{
    /// <summary>It is the innermost: its registers were given.</summary>
    Start,

    /// <summary>By call frame information.</summary>
    CallFrameInformation,

    /// <summary>By the chain of frame pointers.</summary>
    FramePointer,

    /// <summary>
    /// By the return address on top of the stack, where a function was just entered or has no frame of its own.
    /// </summary>
    ReturnAddress,

    /// <summary>By what the processor pushed when it entered an interrupt or exception.</summary>
    InterruptFrame,

    /// <summary>
    /// By the debug info of calls: the function jumped to the next one, and nothing of it is on the stack any more.
    /// </summary>
    TailCall,

    /// <summary>By the table that the operating system's kernel keeps for unwinding.</summary>
    UnwindTable,
}
