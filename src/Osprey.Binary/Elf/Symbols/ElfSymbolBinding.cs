namespace Osprey.Binary.Elf.Symbols;

/// <summary>The visibility of a symbol to other files; a value without a name here is kept as it is.</summary>
public enum ElfSymbolBinding : byte
{
    /// <summary>Only its own file sees it.</summary>
    Local = 0, // STB_LOCAL

    /// <summary>All files see it, and only one may define it.</summary>
    Global = 1, // STB_GLOBAL

    /// <summary>All files see it; a global definition takes precedence.</summary>
    Weak = 2, // STB_WEAK

    /// <summary>All files see it, and the whole process has only one of it.</summary>
    Unique = 10, // STB_GNU_UNIQUE
}
