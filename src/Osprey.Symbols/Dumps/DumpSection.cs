namespace Osprey.Symbols.Dumps;

/// <summary>A section of a loaded ELF object as a trace dump lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LinkAddress">Link-time address of its first byte; the dump does not relocate it.</param>
/// <param name="Size">Size in bytes.</param>
public readonly record struct DumpSection(string Name, ulong LinkAddress, ulong Size);
