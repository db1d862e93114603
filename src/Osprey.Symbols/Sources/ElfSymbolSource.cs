using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols.Index;
using Osprey.Symbols.Index.Lookups;
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
    private readonly DiagnosticList _diagnostics;
    private readonly ElfSymbols _symbols;
    private readonly ElfFrames _frames;
    private readonly ElfCalls _calls;
    private readonly ElfPlaces _places;

    private ElfSymbolSource(
        string path,
        ElfImage image,
        LoadBias bias,
        SymbolizerOptions options,
        DiagnosticList diagnostics
    )
    {
        _diagnostics = diagnostics;
        Image = image;
        _symbols = new ElfSymbols(image, options, message => diagnostics.Add(path, message));
        _frames = new ElfFrames(image, _symbols, options);
        _calls = new ElfCalls(_symbols);
        _places = new ElfPlaces(_symbols);
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

    internal static ElfSymbolSource FromImage(
        ElfImage image,
        LoadBias bias,
        SymbolizerOptions options,
        DiagnosticList diagnostics
    ) => new(image.Source.Name, image, bias, options, diagnostics);

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        ulong linkAddress = Module.Bias.ToLinkAddress(address);
        if (!Module.Contains(address) || !IsLoaded(linkAddress))
            return false;

        lock (_lock)
            return _frames.TryResolve(address, linkAddress, frames);
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

    /// <summary>Finds the function at a run-time address; null when no debug info has one there.</summary>
    internal CallTarget? FindFunction(ulong address)
    {
        lock (_lock)
            return _calls.FindFunction(ToLoaded(address));
    }

    /// <summary>Finds the function that was called by the call that returns to a run-time address.</summary>
    internal CalledFunction FindCalled(ulong returnAddress)
    {
        // The address behind the call may be behind the function's end.
        lock (_lock)
            return ToLoaded(returnAddress - 1) is { } last ? _calls.FindCalled(unchecked(last + 1)) : default;
    }

    /// <summary>
    /// Finds the jumps to other functions in the function at a run-time address; null when no debug info has one there.
    /// </summary>
    internal Jump[]? FindJumps(ulong address)
    {
        lock (_lock)
            return _calls.FindJumps(ToLoaded(address));
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
            foreach (int index in table.FindContaining(pattern.Identifier))
            {
                ElfSymbol symbol = table[index];
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
            return _frames.FindTableSymbol(Module.Bias.ToLinkAddress(address)) is { } symbol
                ? symbol with
                {
                    Address = Module.Bias.ToAddress(symbol.Address),
                }
                : null;
        }
    }

    /// <summary>Finds the first instructions of a function's inlined copies, as run-time addresses.</summary>
    /// <param name="name">The function's name, without parameters.</param>
    internal IReadOnlyList<ulong> FindInlined(string name)
    {
        lock (_lock)
            return [.. _places.FindInlined(name).Select(Module.Bias.ToAddress)];
    }

    /// <summary>Finds the code of a line, as run-time addresses; see <see cref="ElfPlaces.FindLine"/>.</summary>
    internal (int Line, IReadOnlyList<ulong> Addresses) FindLine(string file, int line, int most)
    {
        lock (_lock)
        {
            (int taken, IReadOnlyList<ulong> found) = _places.FindLine(file, line, most);
            return (taken, [.. found.Select(Module.Bias.ToAddress)]);
        }
    }

    /// <summary>True when a run-time address is in a segment that can be executed.</summary>
    internal bool IsCode(ulong address)
    {
        ulong linkAddress = Module.Bias.ToLinkAddress(address);
        return Image.Segments.Count == 0
            || Image.Segments.Any(segment =>
                segment.Type == ElfSegmentType.Load
                && (segment.Flags & ElfSegment.Executable) != 0
                && linkAddress >= segment.LinkAddress
                && linkAddress - segment.LinkAddress < segment.MemorySize
            );
    }

    /// <inheritdoc/>
    public void Dispose() => _symbols.Dispose();

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

    /// <summary>The link-time address of a run-time one; null when the file has nothing there.</summary>
    private ulong? ToLoaded(ulong address)
    {
        ulong linkAddress = Module.Bias.ToLinkAddress(address);
        return Module.Contains(address) && IsLoaded(linkAddress) ? linkAddress : null;
    }

    private static LoadBias GetBias(ElfImage image, ulong? baseAddress) =>
        baseAddress is { } start ? LoadBias.FromBase(image, start) : LoadBias.None;
}
