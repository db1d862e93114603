namespace Osprey.Symbols.Dumps;

/// <summary>The start of a source line within a symbol.</summary>
/// <param name="Offset">Bytes from the symbol's start.</param>
/// <param name="Line">The line number.</param>
public readonly record struct DumpLocation(uint Offset, int Line);
