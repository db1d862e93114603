namespace Osprey.Binary.Elf.Symbols;

/// <summary>Who sees a symbol; a value without a name here is kept as it is.</summary>
public enum ElfSymbolBinding : byte
{
    Local = 0, // STB_LOCAL
    Global = 1, // STB_GLOBAL
    Weak = 2, // STB_WEAK
    Unique = 10, // STB_GNU_UNIQUE
}
