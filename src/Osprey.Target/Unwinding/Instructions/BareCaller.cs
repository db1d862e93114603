using Osprey.Target.Architectures;

namespace Osprey.Target.Unwinding.Instructions;

/// <summary>The caller of a frame that has no call frame information, as it was found.</summary>
/// <param name="Registers">What is known of the caller's registers, the program counter among them.</param>
/// <param name="CanonicalFrameAddress">The CFA of the frame that it called.</param>
/// <param name="IsReturnAddress">Whether its program counter is behind a call.</param>
/// <param name="Origin">How it was found.</param>
internal sealed record BareCaller(
    RegisterSet Registers,
    ulong CanonicalFrameAddress,
    bool IsReturnAddress,
    FrameOrigin Origin
);
