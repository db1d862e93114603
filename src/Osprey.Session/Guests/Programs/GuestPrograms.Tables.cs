using System.Globalization;
using Osprey.Binary;
using Osprey.Guests;
using Osprey.Guests.Programs;
using Osprey.Symbols;
using Osprey.Target;

namespace Osprey.Session.Guests.Programs;

/// <content>The kernel's symbols where they are not from its ELF file: out of memory, or out of a text.</content>
public sealed partial class GuestPrograms
{
    /// <summary>
    /// The place of the kernel's symbols in words, where they are not from its file; null when they are, or there are
    /// none.
    /// </summary>
    public string? SymbolsOrigin { get; private set; }

    /// <summary>
    /// The kernel's own symbol table, used where its file is not known or stripped; null when the file has symbols, or
    /// there is no table.
    /// </summary>
    public ISymbolTable? KernelTable { get; private set; }

    private static bool IsSymbolFile(IGuestOs os, string path)
    {
        FileKinds.RequireFile(path);
        return os is IGuestSymbolFiles files && files.IsSymbolFile(path);
    }

    private void AddSymbolFile(IGuestSymbolFiles os, string path)
    {
        KernelTable = os.ReadSymbolFile(path, _settings.AcceptAnyBuild);
        Symbols.AddTable(KernelTable);
        SymbolsOrigin = string.Create(CultureInfo.InvariantCulture, $"from {path} ({KernelTable.Count})");
    }

    /// <summary>Finds the kernel's own table where nothing else has its symbols.</summary>
    private void FindTables(IGuestSymbols os)
    {
        bool isStripped = Kernel is { } kernel && !KernelFileSymbols.HasSymbols(kernel.Image);
        if (isStripped && os.IsOfKernel)
            FindTableInFile(os, Kernel!);

        bool isNeeded = KernelTable is null && (Kernel is null || isStripped);
        if (isNeeded || !os.IsOfKernel)
            FindTable(os);
    }

    /// <summary>Finds the table in the kernel's file, where that has no other symbols.</summary>
    private void FindTableInFile(IGuestSymbols os, GuestModule kernel)
    {
        KernelTable = os.FindSymbolTable(kernel.Image, kernel.Bias);
        if (KernelTable is null)
            return;

        Symbols.AddTable(KernelTable);
        SymbolsOrigin = string.Create(
            CultureInfo.InvariantCulture,
            $"from {kernel.Path} ({os.TableName}, {KernelTable.Count})"
        );
    }

    private void FindTable(IGuestSymbols os)
    {
        try
        {
            KernelTable = os.FindSymbolTable();
        }
        catch (TargetException)
        {
            return; // without page tables, what needs them says why
        }

        if (KernelTable is null)
            return;

        Symbols.AddTable(KernelTable);
        if (!os.IsOfKernel)
        {
            SymbolsOrigin = os.TableName;
            return;
        }

        SymbolsOrigin = string.Create(
            CultureInfo.InvariantCulture,
            $"from the guest's memory ({os.TableName}, {KernelTable.Count})"
        );
        _notes.Add(
            $"{(Kernel is null ? "the kernel's file is not known" : $"{Kernel.Path} has no symbols")}: "
                + $"its symbols are {SymbolsOrigin}"
        );
    }
}
