using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Elf;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types.Btf;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types;

/// <summary>
/// Finds the types, variables and functions of one ELF file, from its DWARF or from that of its debug file; without
/// either, from its BTF, as a Linux kernel has it.
/// </summary>
/// <remarks>
/// Thread-safe. A malformed part of the file costs only the answers that need it, and is reported once in the
/// diagnostics. An index of names is built when the first name is asked for, and kept on disk for the next run.
/// </remarks>
public sealed class TypeCatalog : ITypeSource, IDisposable
{
    /// <summary>Most answers that are kept. Names come from a user, or from a fixed set of a program.</summary>
    private const int MaxCached = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DebugType?> _types = [];
    private readonly Dictionary<string, DebugVariable?> _variables = [];
    private readonly DiagnosticList _diagnostics = new();
    private readonly CatalogParts? _parts;
    private readonly ElfSymbols _symbols;
    private readonly string _path;
    private readonly Lazy<bool> _isC;
    private readonly Lazy<BtfTypeSource?> _btf;

    private TypeCatalog(ElfImage image, SymbolizerOptions options)
    {
        _path = image.Source.Name;
        _symbols = new ElfSymbols(image, options, Report);
        if (_symbols.Info is { } info)
            _parts = new CatalogParts(_symbols, info, Report);

        _isC = new Lazy<bool>(ReadIsC);
        _btf = new Lazy<BtfTypeSource?>(() => _parts is null ? ReadBtf(image, options.Limits) : null);
    }

    /// <summary>Messages to the user about the file's debug info so far.</summary>
    public IReadOnlyList<SymbolDiagnostic> Diagnostics => _diagnostics.ToList();

    /// <summary>
    /// Gives the link-time address of a symbol that a file with BTF does not have in its own table, as one that was
    /// stripped; null when there is none. Null when only the file is asked.
    /// </summary>
    public Func<string, ulong?>? FindSymbolElsewhere { get; set; }

    /// <summary>True when the file or its debug file describes types, as DWARF or as BTF.</summary>
    public bool HasTypes => _parts is not null || _btf.Value is not null;

    /// <summary>The number of names in the index, which is built if it does not exist yet.</summary>
    public int NameCount => _parts?.Finder.Index.Count ?? 0;

    /// <summary>Opens a file; its debug info is read when it is first asked for.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="options">The way the debug info is found; null for the default options.</param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="BadDataException">The file is not a 64-bit ELF file, or its headers are malformed.</exception>
    public static TypeCatalog Open(string path, SymbolizerOptions? options = null)
    {
        options ??= SymbolizerOptions.Default;
        return FromImage(ElfImage.Open(path, options.Limits), options);
    }

    /// <summary>Uses a file that is open already; the catalog owns it from then on.</summary>
    public static TypeCatalog FromImage(ElfImage image, SymbolizerOptions? options = null) =>
        new(image, options ?? SymbolizerOptions.Default);

    /// <inheritdoc/>
    public bool IsC => _isC.Value;

    /// <inheritdoc/>
    public DebugType? FindType(string name) =>
        _parts is null
            ? _btf.Value?.FindType(name)
            : Find(_types, name, static (parts, name) => parts.Types.Find(name));

    /// <inheritdoc/>
    public DebugVariable? FindVariable(string name) =>
        _parts is null
            ? _btf.Value?.FindVariable(name)
            : Find(_variables, name, static (parts, name) => parts.Variables.Find(name));

    /// <inheritdoc/>
    public (EnumType Type, Enumerator Enumerator)? FindEnumerator(string name)
    {
        if (_parts is null)
            return _btf.Value?.FindEnumerator(name);

        try
        {
            return _parts.Types.FindEnumerator(name);
        }
        catch (BadDataException e)
        {
            Report(e.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public DebugFunction? FindFunction(string name)
    {
        if (_parts is null)
            return _btf.Value?.FindFunction(name);

        try
        {
            return _parts.Functions.Find(name);
        }
        catch (BadDataException e)
        {
            Report(e.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<DebugScope> FindScopes(ulong linkAddress)
    {
        if (_parts is null)
            return [];

        try
        {
            return _parts.Scopes.Find(linkAddress);
        }
        catch (BadDataException e)
        {
            Report(e.Message);
            return [];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _symbols.Dispose();

    private T? Find<T>(Dictionary<string, T?> known, string name, Func<CatalogParts, string, T?> find)
        where T : class
    {
        if (_parts is null)
            return null;

        lock (_lock)
        {
            if (known.TryGetValue(name, out T? found))
                return found;
        }

        T? answer;
        try
        {
            answer = find(_parts, name);
        }
        catch (BadDataException e)
        {
            Report(e.Message);
            answer = null;
        }

        lock (_lock)
        {
            if (known.TryGetValue(name, out T? first))
                return first;

            if (known.Count < MaxCached)
                known.Add(name, answer);

            return answer;
        }
    }

    private BtfTypeSource? ReadBtf(ElfImage image, ParseLimits limits)
    {
        if (image.FindSection(".BTF") is not { Size: > 0 } section || section.Type == ElfSectionType.NoBits)
            return null;

        try
        {
            return BtfTypeSource.Read(
                image.GetContent(section),
                section.Name,
                findSymbol: name => _symbols.FindSymbol(name)?.LinkAddress ?? FindSymbolElsewhere?.Invoke(name),
                limits: limits
            );
        }
        catch (BadDataException e)
        {
            Report(e.Message);
            return null;
        }
    }

    private bool ReadIsC()
    {
        if (_parts is null)
            return _btf.Value is not null;

        bool isC = false;
        try
        {
            foreach (CompilationUnit known in _symbols.Info?.Units ?? [])
            {
                CompilationUnit unit = known.Split ?? known;
                if (unit.IsCPlusPlus)
                    return false;

                isC |= unit.IsC;
            }
        }
        catch (BadDataException e)
        {
            Report(e.Message);
        }

        return isC;
    }

    private void Report(string message) => _diagnostics.Add(_path, message);
}
