namespace Osprey.Binary.Elf;

/// <summary>What a section holds; a value without a name here is kept as it is.</summary>
public enum ElfSectionType : uint
{
    Null = 0, // SHT_NULL
    ProgramBits = 1, // SHT_PROGBITS
    SymbolTable = 2, // SHT_SYMTAB
    StringTable = 3, // SHT_STRTAB
    Note = 7, // SHT_NOTE
    NoBits = 8, // SHT_NOBITS
    DynamicSymbols = 11, // SHT_DYNSYM
}
