namespace Osprey.Target.Unwinding.Instructions;

/// <summary>
/// Finds the callers of frames that were interrupted where there is no call frame information, by the instructions
/// there and by the words on top of the stack. Each architecture has its own.
/// </summary>
internal abstract class FrameRecognizer
{
    /// <summary>Looks for the caller before frame pointers are followed.</summary>
    /// <param name="frame">The frame; its program counter is not behind a call.</param>
    /// <param name="sp">Its stack pointer.</param>
    /// <param name="module">The module that it is in; null when it is in none.</param>
    /// <returns>Null when nothing tells.</returns>
    public abstract BareCaller? FindByInstructions(StackFrame frame, ulong sp, UnwindModule? module);

    /// <summary>Looks for the caller where frame pointers led to none.</summary>
    /// <inheritdoc cref="FindByInstructions"/>
    public abstract BareCaller? FindByStackTop(StackFrame frame, ulong sp);

    /// <summary>
    /// Follows code that leaves its frame alone to where it jumps into code of which something is known.
    /// </summary>
    /// <param name="pc">The instruction to start at.</param>
    /// <param name="isKnown">Tells whether something is known of an address.</param>
    /// <returns>The address that is jumped to; null when there is none.</returns>
    public abstract ulong? FollowJump(ulong pc, Func<ulong, bool> isKnown);
}
