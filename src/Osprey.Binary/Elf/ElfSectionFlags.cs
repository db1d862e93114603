namespace Osprey.Binary.Elf;

/// <summary>Attributes of a section; bits without a name here are kept as they are.</summary>
[Flags]
public enum ElfSectionFlags : ulong
{
    /// <summary>No attribute.</summary>
    None = 0,

    /// <summary>The section can be written to at run time.</summary>
    Write = 1, // SHF_WRITE

    /// <summary>The section has a place in memory at run time.</summary>
    Allocated = 2, // SHF_ALLOC

    /// <summary>The section holds code.</summary>
    Executable = 4, // SHF_EXECINSTR

    /// <summary>The section's bytes are compressed and start with a compression header.</summary>
    Compressed = 0x800, // SHF_COMPRESSED
}
