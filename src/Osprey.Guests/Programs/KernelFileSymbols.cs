using Osprey.Binary.Elf;
using Osprey.Guests.Linux.Symbols;
using Osprey.Symbols;
using Osprey.Symbols.Modules;

namespace Osprey.Guests.Programs;

/// <summary>The symbol table that a kernel keeps of itself, out of its file, where no guest is at hand.</summary>
public static class KernelFileSymbols
{
    /// <summary>Finds the table.</summary>
    /// <param name="image">The file.</param>
    /// <returns>Null when the file has symbols as others have them, or no such table.</returns>
    public static ISymbolTable? Find(ElfImage image) =>
        HasSymbols(image) ? null : KallsymsFile.Find(image, LoadBias.None);

    /// <summary>True when a file was not stripped of its symbols.</summary>
    public static bool HasSymbols(ElfImage image) =>
        image.FindSection(".symtab") is not null || image.FindSection(".debug_info") is not null;
}
