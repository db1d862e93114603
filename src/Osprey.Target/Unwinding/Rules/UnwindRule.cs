using Osprey.Target.Architectures;

namespace Osprey.Target.Unwinding.Rules;

/// <summary>The way from a frame to its caller, in the terms of call frame information.</summary>
/// <param name="Base">
/// The register that the canonical frame address (CFA) counts from; null where a stack begins, so that there is no
/// caller.
/// </param>
/// <param name="Offset">What is added to it.</param>
/// <param name="Saved">
/// The places of the caller's registers. One without a place is unknown, but for the stack pointer: that is the CFA.
/// </param>
public sealed record UnwindRule(Register? Base, long Offset, IReadOnlyList<SavedRegister> Saved)
{
    /// <summary>The rule of code where a stack begins.</summary>
    public static UnwindRule Outermost { get; } = new(null, 0, []);

    /// <summary>
    /// Where the base and the offset give the address of a word: what is added to the word to get the CFA. Null where
    /// they give the CFA itself.
    /// </summary>
    public long? IndirectOffset { get; init; }

    /// <summary>Registers that the code has not changed: the caller has the same values.</summary>
    public IReadOnlyList<Register> Unchanged { get; init; } = [];

    /// <summary>
    /// True in code that goes on on another stack by an instruction that the compiler does not know of: its call frame
    /// information is wrong there, and the rule counts.
    /// </summary>
    public bool SwitchesStack { get; init; }

    /// <summary>
    /// True when the caller's program counter is behind a call; false when it was interrupted there.
    /// </summary>
    public bool IsReturnAddress { get; init; } = true;
}
