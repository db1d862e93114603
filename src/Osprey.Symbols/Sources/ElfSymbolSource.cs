using Osprey.Binary;
using Osprey.Binary.Demangling;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols.Index;
using Osprey.Symbols.Modules;

namespace Osprey.Symbols.Sources;

/// <summary>
/// The symbols of one ELF file at one place in memory: functions, inlined calls and lines from its DWARF, or from a
/// debug file; where there is no DWARF, functions from its symbol table.
/// </summary>
/// <remarks>
/// Thread-safe. A malformed part of the file costs only the answers that need it, and is reported once in the
/// diagnostics. Names are those of <c>addr2line -Cf</c>: the symbol's name, demangled with its parameters.
/// </remarks>
public sealed class ElfSymbolSource : ISymbolSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SymbolizerOptions _options;
    private readonly DiagnosticList _diagnostics;
    private readonly Action<string> _report;
    private readonly ElfSymbols _symbols;
    private string?[]? _symbolNames;

    private ElfSymbolSource(
        string path,
        ElfImage image,
        LoadBias bias,
        SymbolizerOptions options,
        DiagnosticList diagnostics
    )
    {
        _options = options;
        _diagnostics = diagnostics;
        _report = message => diagnostics.Add(path, message);
        Image = image;
        _symbols = new ElfSymbols(image, options, _report);
        Module = new Module(
            path,
            bias.GetStart(image),
            bias.ToAddress(image.HighestLinkAddress),
            bias,
            _symbols.BuildId
        );
    }

    /// <summary>The file.</summary>
    public ElfImage Image { get; }

    /// <summary>The file's place in memory.</summary>
    public Module Module { get; }

    /// <summary>Messages to the user about the file's symbols so far.</summary>
    public IReadOnlyList<SymbolDiagnostic> Diagnostics => _diagnostics.ToList();

    /// <summary>Opens a file; its symbols are read when they are first asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="baseAddress">
    /// Run-time address of the file's first byte; null when it runs where it was linked to.
    /// </param>
    /// <param name="options">The way symbols are found and shown; null for the default options.</param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="BadDataException">The file is not a 64-bit ELF file, or its headers are malformed.</exception>
    public static ElfSymbolSource Open(string path, ulong? baseAddress = null, SymbolizerOptions? options = null) =>
        Open(path, baseAddress, options ?? SymbolizerOptions.Default, new DiagnosticList());

    /// <summary>Uses a file that is open already; the source owns it from then on.</summary>
    /// <inheritdoc cref="Open(string, ulong?, SymbolizerOptions?)"/>
    public static ElfSymbolSource FromImage(
        ElfImage image,
        ulong? baseAddress = null,
        SymbolizerOptions? options = null
    ) =>
        new(
            image.Source.Name,
            image,
            GetBias(image, baseAddress),
            options ?? SymbolizerOptions.Default,
            new DiagnosticList()
        );

    internal static ElfSymbolSource Open(
        string path,
        ulong? baseAddress,
        SymbolizerOptions options,
        DiagnosticList diagnostics
    )
    {
        ElfImage image = ElfImage.Open(path, options.Limits);
        return new ElfSymbolSource(path, image, GetBias(image, baseAddress), options, diagnostics);
    }

    internal static ElfSymbolSource Open(
        string path,
        LoadBias bias,
        SymbolizerOptions options,
        DiagnosticList diagnostics
    ) => new(path, ElfImage.Open(path, options.Limits), bias, options, diagnostics);

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        ulong linkAddress = Module.Bias.ToLinkAddress(address);
        if (!Module.Contains(address) || !IsLoaded(linkAddress))
            return false;

        lock (_lock)
        {
            UnitSymbols? unit = _symbols.Debug?.Find(linkAddress);
            if (unit is not null && TryResolve(unit, address, linkAddress, frames))
                return true;

            int symbol = FindIndex(linkAddress);
            if (GetSymbolName(symbol) is not { } name)
                return false;

            frames.Add(new SymbolFrame(address, name, GetSymbolFile(symbol)));
            return true;
        }
    }

    /// <summary>
    /// Finds the file that the debug info was split off to; null when the file has its own, or none is found. The
    /// source owns it.
    /// </summary>
    public DebugFile? FindDebugFile()
    {
        lock (_lock)
            return _symbols.SeparateFile;
    }

    /// <summary>
    /// Finds the run-time address of a symbol by its name, as stored or as shown, with or without parameters; null when
    /// there is none.
    /// </summary>
    /// <remarks>Of several symbols, the first of the table.</remarks>
    public ulong? FindSymbol(string name)
    {
        lock (_lock)
        {
            return _symbols.Table.Find(name) is { } stored ? Module.Bias.ToAddress(stored.LinkAddress)
                : FindSymbols(name) is [{ } first, ..] ? first.Address
                : null;
        }
    }

    /// <summary>
    /// Returns the calls of the function at a run-time address; null when no debug info has a function there.
    /// </summary>
    internal FunctionCalls? FindCalls(ulong address)
    {
        ulong linkAddress = Module.Bias.ToLinkAddress(address);
        if (!Module.Contains(address) || !IsLoaded(linkAddress))
            return null;

        lock (_lock)
            return _symbols.Debug?.Find(linkAddress)?.FindCalls(linkAddress, _report);
    }

    /// <summary>
    /// Reads the function that a call of this file leads to; null when the call is indirect, or its debug info is
    /// malformed, which is reported.
    /// </summary>
    internal CallTarget? ReadTarget(in CallSite site)
    {
        if (site.TargetUnit is not { } unit)
            return null;

        lock (_lock)
        {
            try
            {
                return CallTarget.Read(unit, site.TargetOffset);
            }
            catch (BadDataException e)
            {
                _report(e.Message);
                return null;
            }
        }
    }

    /// <summary>
    /// Finds the run-time address of the only symbol of a name, as stored; null when there is none, or several mean
    /// different addresses.
    /// </summary>
    internal ulong? FindOnlySymbol(string name)
    {
        lock (_lock)
            return _symbols.Table.FindOnly(name) is { } symbol ? Module.Bias.ToAddress(symbol.LinkAddress) : null;
    }

    /// <summary>Finds all symbols that a name can mean; for a name without parameters, all overloads.</summary>
    public IReadOnlyList<TableSymbol> FindSymbols(string name)
    {
        var pattern = new SymbolNamePattern(name);
        var found = new List<TableSymbol>();
        lock (_lock)
        {
            ElfSymbolTable table = _symbols.Table;
            for (int i = 1; i < table.Count; i++)
            {
                ElfSymbol symbol = table[i];
                if (
                    symbol.IsInSection
                    && symbol.Type != ElfSymbolType.ThreadLocal
                    && pattern.Matches(table.GetNameBytes(symbol.NameOffset), out string shown)
                )
                    found.Add(new TableSymbol(shown, Module.Bias.ToAddress(symbol.LinkAddress), symbol.Size));
            }
        }

        return found;
    }

    /// <summary>Finds the symbol of the file's table that covers a run-time address; null when none does.</summary>
    public TableSymbol? FindTableSymbol(ulong address)
    {
        if (
            (!Module.Contains(address) && address >= Module.Bias.KeptBelow)
            || !IsLoaded(Module.Bias.ToLinkAddress(address))
        )
            return null;

        lock (_lock)
        {
            SymbolTableIndex index = _symbols.TableIndex;
            ulong linkAddress = Module.Bias.ToLinkAddress(address);
            int symbol = FindIndex(linkAddress);
            return GetSymbolName(symbol) is { } name
                ? new TableSymbol(name, Module.Bias.ToAddress(index.Addresses[symbol]), index.Sizes[symbol])
                : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _symbols.Dispose();

    /// <summary>
    /// Returns the index (in the table's index) of the symbol that covers an address; -1 when none does.
    /// </summary>
    private int FindIndex(ulong linkAddress)
    {
        SymbolTableIndex index = _symbols.TableIndex;
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

        foreach (ElfSection section in Image.Sections)
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
        return Image.Sections.Count == 0;
    }

    /// <summary>
    /// True when a segment holds the address. A kernel's per-CPU data is linked to 0, so nearly all addresses lie
    /// between its lowest and highest one, but in no segment.
    /// </summary>
    private bool IsLoaded(ulong linkAddress)
    {
        foreach (ElfSegment segment in Image.Segments)
        {
            if (
                segment.Type == ElfSegmentType.Load
                && linkAddress >= segment.LinkAddress
                && linkAddress - segment.LinkAddress < segment.MemorySize
            )
                return true;
        }

        return Image.Segments.Count == 0;
    }

    private static LoadBias GetBias(ElfImage image, ulong? baseAddress) =>
        baseAddress is { } start ? LoadBias.FromBase(image, start) : LoadBias.None;

    private bool TryResolve(UnitSymbols unit, ulong address, ulong linkAddress, List<SymbolFrame> frames)
    {
        bool hasLine = unit.TryFindLine(linkAddress, out string? file, out int? line);
        int scope = unit.Scopes.Find(linkAddress);
        if (scope == FunctionScopes.None)
        {
            // Code from assembly has lines but no functions; those are in the symbol table only.
            if (hasLine)
                frames.Add(new SymbolFrame(address, FindSymbolName(linkAddress), file, line));

            return hasLine;
        }

        for (int depth = 0; depth < _options.Limits.MaxInlineDepth; depth++)
        {
            FunctionName name = unit.GetName(scope, _options.Demangle, _report);
            ref readonly FunctionScope current = ref unit.Scopes[scope];
            bool isOutermost = current.Parent == FunctionScopes.None;

            string? text = isOutermost && !name.IsLinkageName ? ChooseName(name.Text, linkAddress) : name.Text;
            bool more = !isOutermost && _options.InlinedFrames;
            if (isOutermost)
                file ??= GetSymbolFile(FindIndex(linkAddress));

            // The call of a function whose name can't be found (it can be in a file that is not there) is left out: the
            // function around it has a name, and the line of the call.
            if (text is not null || isOutermost || !_options.InlinedFrames)
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
        SymbolTableIndex index = _symbols.TableIndex;
        int symbol = FindIndex(linkAddress);
        if (symbol < 0 || plain is null)
            return GetSymbolName(symbol) ?? plain;

        ReadOnlySpan<byte> stored = _symbols.Table.GetNameBytes(index.Names[symbol]);
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
        uint file = symbol < 0 ? 0 : _symbols.TableIndex.Files[symbol];
        return file == 0 ? null : _symbols.Table.GetName(file);
    }

    private string? FindSymbolName(ulong linkAddress) => GetSymbolName(FindIndex(linkAddress));

    /// <summary>Returns a symbol's name as shown; null when there is no symbol or it has no name.</summary>
    /// <param name="symbol">An index into the index of the symbol table, or -1.</param>
    private string? GetSymbolName(int symbol)
    {
        if (symbol < 0)
            return null;

        SymbolTableIndex index = _symbols.TableIndex;
        _symbolNames ??= new string?[index.Names.Length];
        if (_symbolNames[symbol] is { } known)
            return known;

        string name = _symbols.Table.GetName(index.Names[symbol]);
        if (name.Length == 0)
            return null;

        return _symbolNames[symbol] = _options.Demangle ? SymbolDemangler.Demangle(name) : name;
    }
}
