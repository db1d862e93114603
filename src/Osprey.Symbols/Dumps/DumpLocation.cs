namespace Osprey.Symbols.Dumps;

/// <summary>Where a source line starts within a symbol.</summary>
/// <param name="Offset">Bytes from the symbol's start.</param>
/// <param name="Line">The line.</param>
public readonly record struct DumpLocation(uint Offset, int Line);
