namespace Osprey.Binary.Elf;

/// <summary>The kind of content of a section; a value without a name here is kept as it is.</summary>
public enum ElfSectionType : uint
{
    /// <summary>No section.</summary>
    Null = 0, // SHT_NULL

    /// <summary>Code, data, or debug info.</summary>
    ProgramBits = 1, // SHT_PROGBITS

    /// <summary>The full symbol table.</summary>
    SymbolTable = 2, // SHT_SYMTAB

    /// <summary>Names.</summary>
    StringTable = 3, // SHT_STRTAB

    /// <summary>Relocations, each with an addend of its own.</summary>
    RelocationsWithAddends = 4, // SHT_RELA

    /// <summary>Notes.</summary>
    Note = 7, // SHT_NOTE

    /// <summary>Zeros at run time, with no bytes in the file (.bss).</summary>
    NoBits = 8, // SHT_NOBITS

    /// <summary>Relocations whose addends are in the bytes that they change.</summary>
    Relocations = 9, // SHT_REL

    /// <summary>The symbol table for dynamic linking.</summary>
    DynamicSymbols = 11, // SHT_DYNSYM
}
