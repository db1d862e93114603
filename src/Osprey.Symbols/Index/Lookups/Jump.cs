namespace Osprey.Symbols.Index.Lookups;

/// <summary>A jump from a function to another one, in the place of a call and a return.</summary>
/// <param name="Address">Link-time address behind the jump, or of the jump itself.</param>
/// <param name="IsReturnAddress">True when the address is the one behind the jump.</param>
/// <param name="Target">The function that it leads to; null when it is indirect, or can't be read.</param>
internal readonly record struct Jump(ulong Address, bool IsReturnAddress, CallTarget? Target);
