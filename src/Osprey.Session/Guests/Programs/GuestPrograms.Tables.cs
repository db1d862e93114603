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
    /// The kernel's own symbol table, used where its file is not known; null when it is, or has none.
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
        _notes.Add($"the kernel's file is not known: its symbols are {SymbolsOrigin}");
    }
}
