using Osprey.Guests.Threads;
using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>
/// Tells whether a stack that was followed from a vCPU's registers is that of the thread it is taken for.
/// </summary>
internal static class OwnStack
{
    private const ulong KernelHalf = 1UL << 63;

    /// <summary>
    /// True when a frame is on the thread's own stack, all frames are a program's, or it is not known where the
    /// thread's stack is. Interrupts have stacks of their own, which lead back to the thread that they came upon: to
    /// another one where the vCPU changed threads between the looks at both.
    /// </summary>
    /// <param name="thread">The thread, which a vCPU was seen to run.</param>
    /// <param name="stack">The stack.</param>
    public static bool Has(GuestThreadState thread, Backtrace stack) =>
        thread is not { StackStart: { } start, StackSize: { } size }
        || stack.Frames.Any(frame => frame.Registers.StackPointer is { } pointer && unchecked(pointer - start) <= size)
        || stack.Frames.All(frame => frame.Registers.StackPointer is not { } pointer || pointer < KernelHalf);
}
