namespace Osprey.Symbols.Dumps;

/// <summary>A symbol as a trace dump lists it.</summary>
/// <param name="Name">Its demangled name.</param>
/// <param name="Address">Its run-time address; 0 for a symbol that is not defined.</param>
/// <param name="Size">Size in bytes; 0 when unknown.</param>
/// <param name="File">Its source file; empty when unknown.</param>
/// <param name="Locations">The starts of its source lines; empty when unknown.</param>
public sealed record DumpSymbol(
    string Name,
    ulong Address,
    ulong Size,
    string File,
    IReadOnlyList<DumpLocation> Locations
);
