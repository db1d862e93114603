namespace Osprey.Target.Unwinding;

/// <summary>The frames of a stack, and why there are no more.</summary>
/// <param name="Frames">The frames, innermost first; none when there was nothing to start from.</param>
/// <param name="End">Why there are no more.</param>
/// <param name="Notes">What makes some of it less certain, such as "frame 3 and on found by frame pointers".</param>
public sealed record Backtrace(IReadOnlyList<StackFrame> Frames, BacktraceEnd End, IReadOnlyList<string> Notes);
