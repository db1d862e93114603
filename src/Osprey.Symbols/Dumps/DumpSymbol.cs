namespace Osprey.Symbols.Dumps;

/// <summary>A symbol as a trace dump lists it.</summary>
/// <param name="Name">Its demangled name.</param>
/// <param name="Address">Its run-time address; 0 for one that is not defined.</param>
/// <param name="Size">Bytes; 0 when unknown.</param>
/// <param name="File">Its source file; empty when unknown.</param>
/// <param name="Locations">Its lines, if it has any.</param>
public sealed record DumpSymbol(
    string Name,
    ulong Address,
    ulong Size,
    string File,
    IReadOnlyList<DumpLocation> Locations
);
