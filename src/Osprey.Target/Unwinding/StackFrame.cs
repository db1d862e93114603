using Osprey.Target.Architectures;

namespace Osprey.Target.Unwinding;

/// <summary>One activation of a function that was compiled by itself, with what its registers held.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Registers">What is known of its registers, the program counter among them.</param>
/// <param name="CanonicalFrameAddress">Its CFA (DWARF 5, section 6.4); null where no rule gives one.</param>
/// <param name="Origin">How it was found from the frame that it called.</param>
public sealed record StackFrame(
    FrameAddress Address,
    RegisterSet Registers,
    ulong? CanonicalFrameAddress,
    FrameOrigin Origin
);
