namespace Osprey.Binary.Elf.Symbols;

/// <summary>What a symbol stands for; a value without a name here is kept as it is.</summary>
public enum ElfSymbolType : byte
{
    None = 0, // STT_NOTYPE
    Object = 1, // STT_OBJECT
    Function = 2, // STT_FUNC
    Section = 3, // STT_SECTION
    File = 4, // STT_FILE
    Common = 5, // STT_COMMON
    ThreadLocal = 6, // STT_TLS
    IndirectFunction = 10, // STT_GNU_IFUNC
}
