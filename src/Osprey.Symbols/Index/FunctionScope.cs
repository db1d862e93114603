namespace Osprey.Symbols.Index;

/// <summary>A function, or a call that was inlined.</summary>
/// <param name="EntryOffset">Offset of its entry in <c>.debug_info</c>.</param>
/// <param name="Parent">
/// Index of the scope that it was inlined into; <see cref="FunctionScopes.None"/> for a function.
/// </param>
/// <param name="CallFile">Number of the call's file in the line table; -1 when unknown.</param>
/// <param name="CallLine">Line of the call; 0 when unknown.</param>
internal readonly record struct FunctionScope(ulong EntryOffset, int Parent, int CallFile, int CallLine);
