namespace Osprey.Symbols;

/// <summary>A jump that takes the place of a call and a return, with which a function left a stack.</summary>
/// <param name="Address">Run-time address of the jump, or behind it.</param>
/// <param name="IsReturnAddress">
/// True when the address is the one behind the jump, as gcc notes it; false when it is that of the jump, as clang does.
/// </param>
public readonly record struct TailCall(ulong Address, bool IsReturnAddress);
