namespace Osprey.Binary.Elf.Symbols;

/// <summary>The kind of thing that a symbol names; a value without a name here is kept as it is.</summary>
public enum ElfSymbolType : byte
{
    /// <summary>Not stated: often a label of assembly.</summary>
    None = 0, // STT_NOTYPE

    /// <summary>Data.</summary>
    Object = 1, // STT_OBJECT

    /// <summary>Code.</summary>
    Function = 2, // STT_FUNC

    /// <summary>A section.</summary>
    Section = 3, // STT_SECTION

    /// <summary>The source file of the local symbols that follow.</summary>
    File = 4, // STT_FILE

    /// <summary>Data that the linker still has to place.</summary>
    Common = 5, // STT_COMMON

    /// <summary>A thread-local variable; its value is an offset.</summary>
    ThreadLocal = 6, // STT_TLS

    /// <summary>A function that returns the address of the real one.</summary>
    IndirectFunction = 10, // STT_GNU_IFUNC
}
