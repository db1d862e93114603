namespace Osprey.Binary.Elf.Writing;

/// <summary>A symbol of an ELF file that is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address at run time.</param>
/// <param name="Size">Its size in bytes; 0 when it is not known.</param>
public readonly record struct ElfOutputSymbol(string Name, ulong Address, ulong Size);
