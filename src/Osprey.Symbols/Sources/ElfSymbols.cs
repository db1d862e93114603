using Osprey.Binary;
using Osprey.Binary.Demangling;
using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Symbols.Index;
using Osprey.Symbols.Index.Lookups;
using Osprey.Symbols.Types.Names;

namespace Osprey.Symbols.Sources;

/// <summary>
/// The debug file, symbol table and indexes of one ELF file, which are the same wherever it is loaded. Each is found or
/// built when it is first needed.
/// </summary>
/// <remarks>Thread-safe, except for the object that <see cref="Debug"/> returns.</remarks>
internal sealed class ElfSymbols : IDisposable
{
    private readonly ElfImage _image;
    private readonly SymbolizerOptions _options;
    private readonly Action<string> _report;
    private readonly Lazy<ElfImage?> _debugImage;
    private readonly Lazy<IndexCache> _cache;
    private readonly Lazy<DebugInfo?> _info;
    private readonly Lazy<UnitMap> _map;
    private readonly Lazy<DebugIndex?> _debug;
    private readonly Lazy<ElfSymbolTable> _table;
    private readonly Lazy<SymbolTableIndex> _tableIndex;
    private readonly Lazy<LookupCache?> _lookups;
    private bool _hasProblem;
    private ElfImage? _supplementary;
    private SplitFileLocator? _splitFiles;

    /// <summary>The number to add to addresses in the debug file; 0 when the program has its own debug info.</summary>
    private ulong _shift;

    /// <summary>Creates the symbols of a file, and owns the file from then on.</summary>
    /// <param name="image">The file.</param>
    /// <param name="options">The way symbols are found.</param>
    /// <param name="report">Receives messages to the user.</param>
    public ElfSymbols(ElfImage image, SymbolizerOptions options, Action<string> report)
    {
        _image = image;
        _options = options;
        _report = message =>
        {
            _hasProblem = true;
            report(message);
        };
        BuildId = ReadBuildId();
        _debugImage = new Lazy<ElfImage?>(FindDebugImage);
        _cache = new Lazy<IndexCache>(() => OpenCache());
        _info = new Lazy<DebugInfo?>(ReadInfo);
        _map = new Lazy<UnitMap>(ReadMap);
        _debug = new Lazy<DebugIndex?>(ReadDebug);
        _table = new Lazy<ElfSymbolTable>(ReadTable);
        _tableIndex = new Lazy<SymbolTableIndex>(ReadTableIndex);
        _lookups = new Lazy<LookupCache?>(ReadLookups);
    }

    /// <summary>The file's build-id; empty when it has none.</summary>
    public BuildId BuildId { get; }

    /// <summary>The file's DWARF; null when there is none.</summary>
    public DebugInfo? Info => _info.Value;

    /// <summary>The units by the addresses that they cover.</summary>
    public UnitMap Map => _map.Value;

    /// <summary>The DWARF by address; null when there is none.</summary>
    public DebugIndex? Debug => _debug.Value;

    /// <summary>The file with the DWARF, where that is another one; null when there is none.</summary>
    public DebugFile? SeparateFile =>
        _debugImage.Value is { } found && !ReferenceEquals(found, _image) ? new DebugFile(found, _shift) : null;

    /// <summary>The symbol table: the file's own full one, else the debug file's, else the dynamic one.</summary>
    public ElfSymbolTable Table => _table.Value;

    /// <summary>The symbol table by address.</summary>
    public SymbolTableIndex TableIndex => _tableIndex.Value;

    /// <summary>
    /// The answers of this run and earlier ones, for whoever asks in the usual way; null when none are kept, as without
    /// debug info, where looking into the symbol table is as fast.
    /// </summary>
    public LookupCache? Lookups => _lookups.Value;

    /// <summary>Tells the user of a problem; answers that have met one are not kept.</summary>
    public Action<string> Report => _report;

    /// <summary>Returns the index of the DWARF's names: from disk, or built and stored there.</summary>
    public NameIndex GetNames(DebugInfo info)
    {
        // Names in files that were split off are in the index, so it must not outlive a change of them.
        string splitFiles = "";
        if (info.Splits is { IsUsed: true } splits && _splitFiles is not null)
        {
            _ = splits.Areas;
            splitFiles = _splitFiles.Describe();
        }

        if (_cache.Value.ReadNames(splitFiles) is { } stored)
        {
            info.UseStarts(stored.UnitStarts);
            return stored;
        }

        NameIndex names = new NameIndexBuilder(info, _report).Build();
        _cache.Value.Store(names, splitFiles);
        return names;
    }

    /// <summary>Finds a defined symbol by its name as stored; null when there is none.</summary>
    public ElfSymbol? FindSymbol(string name) => Table.Find(name);

    public void Dispose()
    {
        // Files that were split off are no part of the cache's identity.
        if (
            _lookups is { IsValueCreated: true, Value.HasNew: true }
            && !_hasProblem
            && !(_info is { IsValueCreated: true, Value.Splits.IsUsed: true })
        )
            _cache.Value.Store(_lookups.Value!);

        if (_debugImage.IsValueCreated)
            _debugImage.Value?.Dispose();

        _supplementary?.Dispose();
        _splitFiles?.Dispose();
        if (_cache.IsValueCreated)
            _cache.Value.Dispose();

        _image.Dispose();
    }

    private static bool HasDwarf(ElfImage image)
    {
        ElfSection? info = image.FindSection(".debug_info") ?? image.FindSection(".zdebug_info");
        return info is not null && info.Type != ElfSectionType.NoBits && info.Size != 0;
    }

    private BuildId ReadBuildId()
    {
        try
        {
            return _image.ReadBuildId();
        }
        catch (BadDataException e)
        {
            _report(e.Message);
            return default;
        }
    }

    private IndexCache OpenCache()
    {
        // The shift is set when the debug file is found.
        ElfImage debug = _debugImage.Value ?? _image;
        return IndexCache.Open(_options, BuildId, debug, _image, _shift);
    }

    private ElfImage? FindDebugImage()
    {
        if (HasDwarf(_image))
            return _image;

        ElfImage? found = new DebugFileLocator(_options, _report).Open(_image, BuildId);
        if (found is not null)
        {
            if (DebugFileShift.Find(_image, found) is { } shift)
            {
                _shift = shift;
                return found;
            }

            _report($"{found.Source.Name} was linked with another layout than the program, and is not used");
            found.Dispose();
        }

        _report("no debug info: functions come from the symbol table, without lines and inlined calls");
        return null;
    }

    private LookupCache? ReadLookups() =>
        _options is { UseCache: true, Demangle: true, InlinedFrames: true }
        && _options.Limits == ParseLimits.Default
        && _debugImage.Value is not null
            ? _cache.Value.ReadLookups()
            : null;

    private DebugIndex? ReadDebug()
    {
        if (_options.Demangle && ItaniumDemangler.Problem is { } problem)
            _report(problem);

        try
        {
            return Info is { } info ? new DebugIndex(info, Map, _report) : null;
        }
        catch (BadDataException e)
        {
            _report(e.Message);
            return null;
        }
    }

    private DebugInfo? ReadInfo()
    {
        if (_debugImage.Value is not { } image || !HasDwarf(image))
            return null;

        try
        {
            _supplementary = new DebugFileLocator(_options, _report).OpenSupplementary(image);
            DebugInfo? shared = _supplementary is null
                ? null
                : new DebugInfo(DwarfSections.FromImage(_supplementary), _options.Limits);
            var info = new DebugInfo(DwarfSections.FromImage(image, _shift, _image), _options.Limits, shared);
            _splitFiles = new SplitFileLocator(
                info,
                ReferenceEquals(image, _image) ? [image] : [_image, image],
                _options,
                _report
            );
            info.UseSplits(_splitFiles.Open);
            return info;
        }
        catch (BadDataException e)
        {
            _report(e.Message);
            return null;
        }
    }

    private UnitMap ReadMap()
    {
        if (_cache.Value.Units is { } cached)
            return cached;

        UnitMap map = new UnitMapBuilder(Info!, _report).Build();
        _cache.Value.Store(map);
        return map;
    }

    private ElfSymbolTable ReadTable()
    {
        try
        {
            ElfSymbolTable table = _image.ReadSymbols(ElfSectionType.SymbolTable);
            if (table.Count == 0 && _debugImage.Value is { } debug)
                table = debug.ReadSymbols(ElfSectionType.SymbolTable).MoveBy(_shift);

            if (table.Count > 0)
                return table;

            ElfSymbolTable dynamic = _image.ReadSymbols();
            return ReadMiniDebugInfo() is { } mini ? mini.With(dynamic) : dynamic;
        }
        catch (BadDataException e)
        {
            _report(e.Message);
            return ElfSymbolTable.Empty;
        }
    }

    private ElfSymbolTable? ReadMiniDebugInfo()
    {
        try
        {
            return MiniDebugInfo.Read(_image, _options.Limits);
        }
        catch (BadDataException e)
        {
            _report(e.Message);
            return null;
        }
    }

    private SymbolTableIndex ReadTableIndex()
    {
        if (_cache.Value.Symbols is { } cached)
            return cached;

        SymbolTableIndex index = SymbolTableIndex.Build(_image, _table.Value);
        _cache.Value.Store(index);
        return index;
    }
}
