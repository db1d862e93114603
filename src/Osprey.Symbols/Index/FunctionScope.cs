namespace Osprey.Symbols.Index;

/// <summary>A function, or a call that was inlined.</summary>
/// <param name="EntryOffset">Its debugging information entry.</param>
/// <param name="Parent">The scope that it was inlined into; <see cref="FunctionScopes.None"/> for a function.</param>
/// <param name="CallFile">File of the call, by the number of the line table; -1 when unknown.</param>
/// <param name="CallLine">Line of the call; 0 when unknown.</param>
internal readonly record struct FunctionScope(ulong EntryOffset, int Parent, int CallFile, int CallLine);
