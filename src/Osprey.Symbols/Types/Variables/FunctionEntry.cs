using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Variables;

/// <summary>The entry in debug info of a function that was compiled by itself.</summary>
/// <param name="Unit">Its unit, which the expressions of its variables belong to.</param>
/// <param name="Offset">Where it starts in <c>.debug_info</c>.</param>
/// <param name="LinkAddress">
/// Link-time address of the function's first instruction; null when the file does not say.
/// </param>
public sealed record FunctionEntry(CompilationUnit Unit, ulong Offset, ulong? LinkAddress);
