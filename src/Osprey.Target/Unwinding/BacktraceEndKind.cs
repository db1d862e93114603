namespace Osprey.Target.Unwinding;

/// <summary>The reason why a backtrace has no more frames.</summary>
public enum BacktraceEndKind
{
    /// <summary>Call frame information says that there is no caller.</summary>
    Outermost,

    /// <summary>
    /// The return address is zero, or the chain of frame pointers ends with one: how many stacks begin.
    /// </summary>
    ZeroReturnAddress,

    /// <summary>The start has no program counter or stack pointer to unwind from.</summary>
    NothingToStartFrom,

    /// <summary>The stack can't be read where the caller is saved.</summary>
    UnreadableStack,

    /// <summary>There is no call frame information for the code, and the frame pointer leads nowhere.</summary>
    NoInformation,

    /// <summary>A register that the rule for the caller counts from is not known.</summary>
    UnknownRule,

    /// <summary>
    /// The return address is no address of the processor, or one in a program's data: call frame information that is
    /// wrong, or a broken stack.
    /// </summary>
    BadReturnAddress,

    /// <summary>The same frame came up again.</summary>
    Cycle,

    /// <summary>There are more frames than were asked for.</summary>
    DepthLimit,

    /// <summary>The processor is in a mode other than that of 64-bit code, for which no caller is looked for.</summary>
    OtherMode,

    /// <summary>
    /// The caller is code without call frame information in a program that has it for other code, and the frame pointer
    /// is zero there: how hand-written code, such as a kernel's entry, marks where a stack begins.
    /// </summary>
    ZeroFramePointer,
}
