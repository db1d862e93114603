namespace Osprey.Target.Unwinding;

/// <summary>One line of a backtrace: a frame, or a function that was inlined in one.</summary>
/// <param name="Number">Its number, from 0 for the innermost; inlined functions count.</param>
/// <param name="FrameIndex">Which of the backtrace's frames it belongs to.</param>
/// <param name="InlineIndex">
/// The index of the function in that frame: 0 for the innermost one, inlined or not. Functions that called the frame's
/// by a jump (<see cref="FrameOrigin.TailCall"/>) come last; nothing of their own is on the stack.
/// </param>
/// <param name="Address">The frame's address: of the next instruction, or the return address.</param>
/// <param name="Function">The function's name; null when unknown.</param>
/// <param name="IsInlined">Whether the function was inlined into that of the next row.</param>
/// <param name="File">Source file as debug info names it; null when unknown.</param>
/// <param name="Line">Source line, from 1; null when unknown.</param>
/// <param name="Module">Path of the module that holds the address; null when no module does.</param>
/// <param name="ModuleOffset">Bytes from the module's start to the address; 0 without a module.</param>
/// <param name="Origin">How the frame was found.</param>
public sealed record BacktraceRow(
    int Number,
    int FrameIndex,
    int InlineIndex,
    ulong Address,
    string? Function,
    bool IsInlined,
    string? File,
    int? Line,
    string? Module,
    ulong ModuleOffset,
    FrameOrigin Origin
);
