namespace Osprey.Binary.Elf;

/// <summary>What an ELF file is.</summary>
public enum ElfType : ushort
{
    None = 0, // ET_NONE
    Relocatable = 1, // ET_REL
    Executable = 2, // ET_EXEC
    SharedObject = 3, // ET_DYN
    Core = 4, // ET_CORE
}
