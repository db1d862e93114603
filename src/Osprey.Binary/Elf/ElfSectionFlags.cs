namespace Osprey.Binary.Elf;

/// <summary>Attributes of a section; bits without a name here are kept as they are.</summary>
[Flags]
public enum ElfSectionFlags : ulong
{
    None = 0,
    Write = 1, // SHF_WRITE
    Allocated = 2, // SHF_ALLOC
    Executable = 4, // SHF_EXECINSTR
    Compressed = 0x800, // SHF_COMPRESSED
}
