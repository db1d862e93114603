namespace Osprey.Symbols.Dumps;

/// <summary>A loaded ELF object as a trace dump lists it.</summary>
/// <param name="Path">Its path in the guest.</param>
/// <param name="Base">Run-time address of its first byte.</param>
/// <param name="Size">Bytes in memory.</param>
/// <param name="Sections">Its section headers, if the dump has them.</param>
public sealed record DumpModule(string Path, ulong Base, ulong Size, IReadOnlyList<DumpSection> Sections);
