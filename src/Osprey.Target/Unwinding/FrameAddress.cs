namespace Osprey.Target.Unwinding;

/// <summary>The address of a frame: of an instruction about to run, or of the one behind a call.</summary>
/// <param name="Value">The address.</param>
/// <param name="IsReturnAddress">
/// Whether it is the address behind a call; a frame that was interrupted has none.
/// </param>
public readonly record struct FrameAddress(ulong Value, bool IsReturnAddress)
{
    /// <summary>
    /// An address inside the instruction that was executing: what line, symbol and unwind look-ups take.
    /// </summary>
    public ulong Lookup => IsReturnAddress && Value != 0 ? Value - 1 : Value;
}
