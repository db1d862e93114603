namespace Osprey.Binary.Elf;

/// <summary>The kind of an ELF file.</summary>
public enum ElfType : ushort
{
    /// <summary>Unknown.</summary>
    None = 0, // ET_NONE

    /// <summary>An object file that is not linked yet.</summary>
    Relocatable = 1, // ET_REL

    /// <summary>A program that runs at the addresses it was linked to.</summary>
    Executable = 2, // ET_EXEC

    /// <summary>A library, or a program that can run at any address.</summary>
    SharedObject = 3, // ET_DYN

    /// <summary>A core file.</summary>
    Core = 4, // ET_CORE
}
