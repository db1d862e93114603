namespace Osprey.Symbols.Dumps;

/// <summary>A loaded ELF object as a trace dump lists it.</summary>
/// <param name="Path">Its path in the guest.</param>
/// <param name="Base">Run-time address of its first byte.</param>
/// <param name="Size">Size in memory in bytes.</param>
/// <param name="Sections">Its section headers; empty when the dump has none.</param>
public sealed record DumpModule(string Path, ulong Base, ulong Size, IReadOnlyList<DumpSection> Sections);
