using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Sources;

namespace Osprey.Symbols;

/// <summary>
/// Finds names for the addresses of a whole guest. It asks the ELF file whose place in memory holds the address; if
/// that has no name, the tables and then the sources that were added as fallbacks, in their order.
/// </summary>
/// <remarks>Resolving is thread-safe; adding is not.</remarks>
public sealed class Symbolizer : ISymbolSource, IDisposable
{
    private readonly SymbolizerOptions _options;
    private readonly DiagnosticList _diagnostics = new();
    private readonly Dictionary<Module, ElfSymbolSource> _sources = new(ReferenceEqualityComparer.Instance);
    private readonly List<ElfSymbolSource> _ordered = [];
    private readonly List<ISymbolTable> _tables = [];
    private readonly List<ISymbolSource> _fallbacks = [];
    private TailCalls? _tailCalls;

    /// <summary>Creates a symbolizer without files.</summary>
    /// <param name="options">The way symbols are found and shown; null for the default options.</param>
    public Symbolizer(SymbolizerOptions? options = null) => _options = options ?? SymbolizerOptions.Default;

    /// <summary>The places of the ELF files in memory.</summary>
    public ModuleMap Modules { get; } = new();

    /// <summary>Messages to the user about the symbols so far: what is missing, damaged or of another build.</summary>
    public IReadOnlyList<SymbolDiagnostic> Diagnostics => _diagnostics.ToList();

    /// <summary>Adds an ELF file.</summary>
    /// <param name="path">The file on this machine.</param>
    /// <param name="baseAddress">
    /// Run-time address of the file's first byte; null when it runs where it was linked to.
    /// </param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="BadDataException">The file is not a 64-bit ELF file, or its headers are malformed.</exception>
    public ElfSymbolSource AddElf(string path, ulong? baseAddress = null) =>
        Add(ElfSymbolSource.Open(path, baseAddress, _options, _diagnostics));

    /// <summary>Adds an ELF file whose distance from its link-time addresses is known.</summary>
    /// <param name="path">The file on this machine.</param>
    /// <param name="bias">The distance.</param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="BadDataException">The file is not a 64-bit ELF file, or its headers are malformed.</exception>
    public ElfSymbolSource AddElf(string path, LoadBias bias) =>
        Add(ElfSymbolSource.Open(path, bias, _options, _diagnostics));

    /// <summary>Adds an ELF file that is open already; the symbolizer owns it from then on.</summary>
    /// <param name="image">The file.</param>
    /// <param name="bias">The distance from its link-time addresses.</param>
    /// <param name="options">The way its symbols are found; null for that of the others.</param>
    public ElfSymbolSource AddElf(ElfImage image, LoadBias bias, SymbolizerOptions? options = null) =>
        Add(ElfSymbolSource.FromImage(image, bias, options ?? _options, _diagnostics));

    /// <summary>
    /// Adds an ELF file as <see cref="AddElf(string, ulong?)"/> does; a file that can't be used gives a diagnostic, not
    /// an exception.
    /// </summary>
    /// <returns>Null when the file can't be used.</returns>
    public ElfSymbolSource? TryAddElf(string path, ulong? baseAddress = null)
    {
        try
        {
            return AddElf(path, baseAddress);
        }
        catch (Exception e) when (e is BadDataException or IOException or UnauthorizedAccessException)
        {
            _diagnostics.Add(path, e is BadDataException ? e.Message : FileProblem.DescribeWithoutPath(e));
            return null;
        }
    }

    /// <summary>Adds the file of a guest's module, if the options name a sysroot that has it.</summary>
    /// <param name="guestPath">The file's path in the guest.</param>
    /// <param name="baseAddress">Run-time address of its first byte.</param>
    /// <returns>Null when there is no sysroot, no such file in it, or the file can't be used.</returns>
    public ElfSymbolSource? TryAddGuestModule(string guestPath, ulong baseAddress)
    {
        string? path = _options.Sysroot is { } sysroot ? Sysroot.Find(sysroot, guestPath) : null;
        return path is null ? null : TryAddElf(path, baseAddress);
    }

    /// <summary>Adds a table of symbols to ask where no ELF file has the name or the address.</summary>
    public void AddTable(ISymbolTable table) => _tables.Add(table);

    /// <summary>Adds a source to ask for addresses that no ELF file knows.</summary>
    public void AddFallback(ISymbolSource source) => _fallbacks.Add(source);

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        if (Modules.Find(address) is { } module && _sources[module].TryResolve(address, frames))
            return true;

        foreach (ISymbolTable table in _tables)
        {
            if (table.TryResolve(address, frames))
                return true;
        }

        foreach (ISymbolSource source in _fallbacks)
        {
            if (source.TryResolve(address, frames))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Finds the run-time address of a symbol by its name, as stored or as shown; null when no ELF file and no table
    /// has it.
    /// </summary>
    public ulong? FindSymbol(string name)
    {
        foreach (ElfSymbolSource source in _ordered)
        {
            if (source.FindSymbol(name) is { } address)
                return address;
        }

        foreach (ISymbolTable table in _tables)
        {
            if (table.FindSymbols(name) is [{ } first, ..])
                return first.Address;
        }

        return null;
    }

    /// <summary>
    /// Finds all symbols that a name can mean, in all ELF files, or else in the tables; each address once.
    /// </summary>
    public IReadOnlyList<TableSymbol> FindSymbols(string name)
    {
        TableSymbol[] found =
        [
            .. _ordered.SelectMany(source => source.FindSymbols(name)).DistinctBy(symbol => symbol.Address),
        ];
        return found.Length > 0 ? found : FindInTables(name);
    }

    /// <summary>Finds the symbols of a name in the tables that come from no ELF file; each address once.</summary>
    public IReadOnlyList<TableSymbol> FindInTables(string name) =>
        [.. _tables.SelectMany(table => table.FindSymbols(name)).DistinctBy(symbol => symbol.Address)];

    /// <summary>Finds the inlined copies of a function, in all ELF files.</summary>
    /// <param name="name">The function's name, without parameters.</param>
    /// <returns>The run-time addresses of their first instructions.</returns>
    public IReadOnlyList<ulong> FindInlined(string name) =>
        [.. _ordered.SelectMany(source => source.FindInlined(name)).Distinct()];

    /// <summary>
    /// Finds the code of a line of a source file, in all ELF files. A line without code stands for the next one that
    /// has some, a few lines on.
    /// </summary>
    /// <param name="file">The file: the end of its path, such as <c>fs.c</c> or <c>vfs/fs.c</c>.</param>
    /// <param name="line">The line, from 1.</param>
    /// <returns>The line that was taken, and run-time addresses; none when the line has no code.</returns>
    public (int Line, IReadOnlyList<ulong> Addresses) FindLine(string file, int line)
    {
        const int MostLinesOn = 20;
        int taken = line + MostLinesOn;
        IReadOnlyList<ulong> found = [];
        if (file.Length == 0 || line <= 0 || line > int.MaxValue - MostLinesOn)
            return (line, found);

        foreach (ElfSymbolSource source in _ordered)
        {
            (int its, IReadOnlyList<ulong> addresses) = source.FindLine(file, line, taken);
            if (addresses.Count == 0)
                continue;

            found = its < taken || found.Count == 0 ? addresses : [.. found, .. addresses];
            taken = its;
        }

        return (found.Count == 0 ? line : taken, found);
    }

    /// <summary>True when an address can be code: it is in no ELF file, or in one's executable part.</summary>
    public bool MayBeCode(ulong address) => Modules.Find(address) is not { } module || _sources[module].IsCode(address);

    /// <summary>
    /// Finds the functions that stood on a stack between a call and where it is now, and left it by jumping to the next
    /// one (tail calls), as far as the debug info of their calls leaves only one way.
    /// </summary>
    /// <param name="returnAddress">Run-time address that the call returns to.</param>
    /// <param name="callee">Run-time address in the function that runs instead of the one that was called.</param>
    /// <returns>The jumps, the innermost first; empty when none is certain.</returns>
    public IReadOnlyList<TailCall> FindTailCalls(ulong returnAddress, ulong callee) =>
        (
            _tailCalls ??= new TailCalls(
                address => Modules.Find(address) is { } module ? _sources[module] : null,
                _ordered
            )
        ).Find(returnAddress, callee);

    /// <summary>
    /// Finds the symbol that covers a run-time address, or an offset that a module keeps as an address (see
    /// <see cref="LoadBias.KeptBelow"/>); null when none does.
    /// </summary>
    public TableSymbol? FindTableSymbol(ulong address)
    {
        if (Modules.Find(address) is { } module && _sources[module].FindTableSymbol(address) is { } own)
            return own;

        foreach (ElfSymbolSource source in _ordered)
        {
            if (address < source.Module.Bias.KeptBelow && source.FindTableSymbol(address) is { } kept)
                return kept;
        }

        foreach (ISymbolTable table in _tables)
        {
            if (table.FindTableSymbol(address) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (ElfSymbolSource source in _ordered)
            source.Dispose();
    }

    private ElfSymbolSource Add(ElfSymbolSource source)
    {
        _sources[source.Module] = source;
        _ordered.Add(source);
        Modules.Add(source.Module);
        return source;
    }
}
