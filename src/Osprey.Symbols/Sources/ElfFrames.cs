using System.Runtime.InteropServices;
using Osprey.Binary.Demangling;
using Osprey.Binary.Elf;
using Osprey.Symbols.Index;

namespace Osprey.Symbols.Sources;

/// <summary>The functions, inlined calls and lines of one ELF file by link-time address.</summary>
/// <remarks>Not thread-safe; its owner locks.</remarks>
internal sealed class ElfFrames(ElfImage image, ElfSymbols symbols, SymbolizerOptions options)
{
    private string?[]? _symbolNames;

    /// <summary>Adds the frames of an address, innermost first; false when nothing is known of it.</summary>
    /// <param name="address">The run-time address, for the frames.</param>
    /// <param name="linkAddress">The link-time address.</param>
    /// <param name="frames">Receives the frames.</param>
    public bool TryResolve(ulong address, ulong linkAddress, List<SymbolFrame> frames)
    {
        if (symbols.Lookups is not { } lookups)
            return TryLookUp(address, linkAddress, frames);

        if (lookups.TryGetFrames(linkAddress, address, frames))
            return true;

        int first = frames.Count;
        if (!TryLookUp(address, linkAddress, frames))
            return false;

        lookups.AddFrames(linkAddress, CollectionsMarshal.AsSpan(frames)[first..]);
        return true;
    }

    /// <summary>
    /// Finds the symbol that covers an address, itself with a link-time address; null when none does.
    /// </summary>
    public TableSymbol? FindTableSymbol(ulong linkAddress)
    {
        if (symbols.Lookups is { } lookups)
        {
            if (!lookups.TryGetSymbol(linkAddress, out TableSymbol? known))
                lookups.AddSymbol(linkAddress, known = LookUpTableSymbol(linkAddress));

            return known;
        }

        return LookUpTableSymbol(linkAddress);
    }

    private TableSymbol? LookUpTableSymbol(ulong linkAddress)
    {
        int symbol = FindIndex(linkAddress);
        SymbolTableIndex index = symbols.TableIndex;
        return GetSymbolName(symbol) is { } name
            ? new TableSymbol(name, index.Addresses[symbol], index.Sizes[symbol])
            : null;
    }

    /// <summary>
    /// Returns the index (in the table's index) of the symbol that covers an address; -1 when none does.
    /// </summary>
    public int FindIndex(ulong linkAddress)
    {
        SymbolTableIndex index = symbols.TableIndex;
        int symbol = index.Find(linkAddress);
        return symbol < 0 || index.Sizes[symbol] > 0 || IsLabelOf(index.Addresses[symbol], linkAddress)
            ? symbol
            : index.FindOuter(symbol, linkAddress);
    }

    /// <summary>
    /// True when a label without a size names an address. In code, a label names all that follows in its section; in
    /// data, only its own address.
    /// </summary>
    private bool IsLabelOf(ulong label, ulong linkAddress)
    {
        if (label == linkAddress)
            return true;

        foreach (ElfSection section in image.Sections)
        {
            if (
                (section.Flags & ElfSectionFlags.Allocated) != 0
                && linkAddress >= section.LinkAddress
                && linkAddress - section.LinkAddress < section.Size
            )
            {
                return (section.Flags & ElfSectionFlags.Executable) != 0
                    && label >= section.LinkAddress
                    && label - section.LinkAddress < section.Size;
            }
        }

        // The file has no section headers.
        return image.Sections.Count == 0;
    }

    private bool TryLookUp(ulong address, ulong linkAddress, List<SymbolFrame> frames)
    {
        UnitSymbols? unit = symbols.Debug?.Find(linkAddress);
        if (unit is not null && TryResolve(unit, address, linkAddress, frames))
            return true;

        int symbol = FindIndex(linkAddress);
        if (GetSymbolName(symbol) is not { } name)
            return false;

        frames.Add(new SymbolFrame(address, name, GetSymbolFile(symbol)));
        return true;
    }

    private bool TryResolve(UnitSymbols unit, ulong address, ulong linkAddress, List<SymbolFrame> frames)
    {
        bool hasLine = unit.TryFindLine(linkAddress, out string? file, out int? line);
        int scope = unit.FindScope(linkAddress, symbols.Report);
        if (scope == FunctionScopes.None)
        {
            // Code from assembly has lines but no functions; those are in the symbol table only.
            if (hasLine)
                frames.Add(new SymbolFrame(address, FindSymbolName(linkAddress), file, line));

            return hasLine;
        }

        for (int depth = 0; depth < options.Limits.MaxInlineDepth; depth++)
        {
            FunctionName name = unit.GetName(scope, options.Demangle, symbols.Report);
            ref readonly FunctionScope current = ref unit.Scopes[scope];
            bool isOutermost = current.Parent == FunctionScopes.None;

            string? text = isOutermost && !name.IsLinkageName ? ChooseName(name.Text, linkAddress) : name.Text;
            bool more = !isOutermost && options.InlinedFrames;
            if (isOutermost)
                file ??= GetSymbolFile(FindIndex(linkAddress));

            // The call of a function whose name can't be found (it can be in a file that is not there) is left out: the
            // function around it has a name, and the line of the call.
            if (text is not null || isOutermost || !options.InlinedFrames)
                frames.Add(new SymbolFrame(address, text ?? FindSymbolName(linkAddress), file, line, more));

            if (!more)
                break;

            file = unit.GetFile(current.CallFile);
            line = current.CallLine > 0 ? current.CallLine : null;
            scope = current.Parent;
        }

        return true;
    }

    /// <summary>
    /// Decides between the name in DWARF and the symbol's. C++ functions that are local to a file have no linkage name
    /// in DWARF; their symbol says more. So does the symbol of a part that was split off a C function, <c>f.cold</c>.
    /// Any other symbol is an alias.
    /// </summary>
    private string? ChooseName(string? plain, ulong linkAddress)
    {
        SymbolTableIndex index = symbols.TableIndex;
        int symbol = FindIndex(linkAddress);
        if (symbol < 0 || plain is null)
            return GetSymbolName(symbol) ?? plain;

        ReadOnlySpan<byte> stored = symbols.Table.GetNameBytes(index.Names[symbol]);
        if (stored.StartsWith("_Z"u8))
            return GetSymbolName(symbol);

        string name = GetSymbolName(symbol) ?? plain;
        return
            name.Length > plain.Length && name[plain.Length] == '.' && name.StartsWith(plain, StringComparison.Ordinal)
            ? name
            : plain;
    }

    /// <summary>Returns the source or object file of a local symbol; null for all others.</summary>
    private string? GetSymbolFile(int symbol)
    {
        uint file = symbol < 0 ? 0 : symbols.TableIndex.Files[symbol];
        return file == 0 ? null : symbols.Table.GetName(file);
    }

    private string? FindSymbolName(ulong linkAddress) => GetSymbolName(FindIndex(linkAddress));

    /// <summary>Returns a symbol's name as shown; null when there is no symbol or it has no name.</summary>
    /// <param name="symbol">An index into the index of the symbol table, or -1.</param>
    public string? GetSymbolName(int symbol)
    {
        if (symbol < 0)
            return null;

        SymbolTableIndex index = symbols.TableIndex;
        _symbolNames ??= new string?[index.Names.Length];
        if (_symbolNames[symbol] is { } known)
            return known;

        string name = symbols.Table.GetName(index.Names[symbol]);
        if (name.Length == 0)
            return null;

        return _symbolNames[symbol] = options.Demangle ? SymbolDemangler.Demangle(name) : name;
    }
}
