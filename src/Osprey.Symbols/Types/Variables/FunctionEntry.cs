using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Variables;

/// <summary>The debug info entry of a function that is not inlined.</summary>
/// <param name="Unit">The entry's unit; the expressions of the function's variables belong to it.</param>
/// <param name="Offset">Offset of the entry in its section.</param>
/// <param name="LinkAddress">
/// Link-time address of the function's first instruction; null when the file does not give it.
/// </param>
public sealed record FunctionEntry(CompilationUnit Unit, ulong Offset, ulong? LinkAddress);
