using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Modules;

namespace Osprey.Guests.Programs;

/// <summary>A system whose kernel keeps the table of its own symbols in memory.</summary>
public interface IGuestSymbols
{
    /// <summary>The table's name in the system's words, such as "kallsyms".</summary>
    string TableName { get; }

    /// <summary>Whether it is of the kernel, so that users are told that it stands in for the kernel's file.</summary>
    bool IsOfKernel => true;

    /// <summary>Finds the table.</summary>
    /// <returns>Null when there is none, or it is not understood.</returns>
    /// <exception cref="Target.TargetException">It needs page tables, and none are known.</exception>
    ISymbolTable? FindSymbolTable();

    /// <summary>Finds the table in a file of the kernel, which may be stripped of all other symbols.</summary>
    /// <param name="image">The file.</param>
    /// <param name="bias">The distance between the addresses in the file and those in memory.</param>
    /// <returns>Null when there is none, or it is not understood.</returns>
    ISymbolTable? FindSymbolTable(ElfImage image, LoadBias bias) => null;
}
