using System.Buffers.Binary;
using System.Text;
using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Symbols.Index.Lookups;
using Osprey.Symbols.Types.Names;

namespace Osprey.Symbols.Index;

/// <summary>
/// The indexes of one module on disk, so that the next run does not build them again. A file that is damaged, half
/// written, of another version or of another build is ignored, and written again.
/// </summary>
/// <remarks>
/// Layout, little-endian: magic, format version, identity of the module, then parts. A part is its kind (u32), the
/// CRC-32 of its bytes (u32), their count (u64) and the bytes. A cache that can't be written is no error.
/// </remarks>
internal sealed class IndexCache : IDisposable
{
    private const uint Version = 5;

    private readonly string? _path;
    private readonly byte[] _header;
    private ByteSource? _names;
    private UnitMap? _units;
    private SymbolTableIndex? _symbols;
    private bool _isLoaded;

    private IndexCache(string? path, byte[] header)
    {
        _path = path;
        _header = header;
    }

    /// <inheritdoc/>
    public void Dispose() => _names?.Dispose();

    /// <summary>Maps the stored index of names; null when there is none.</summary>
    /// <param name="splitFiles">Describes the files that were split off; empty when there are none.</param>
    public NameIndex? ReadNames(string splitFiles = "")
    {
        if (_path is null)
            return null;

        try
        {
            NameIndex? index = NameIndexFile.Open(NamesPath, GetNamesHeader(splitFiles), out _names);
            return index;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadDataException)
        {
            return null;
        }
    }

    /// <summary>Stores an index of names for the next run.</summary>
    /// <param name="names">The index.</param>
    /// <param name="splitFiles">Describes the files that were split off; empty when there are none.</param>
    public void Store(NameIndex names, string splitFiles = "")
    {
        if (_path is not null)
            IndexCacheParts.Write(NamesPath, file => NameIndexFile.Write(file, GetNamesHeader(splitFiles), names));
    }

    private byte[] GetNamesHeader(string splitFiles) =>
        splitFiles.Length == 0
            ? _header
            : [.. _header, .. System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(splitFiles))];

    /// <summary>Reads the answers of earlier runs; none when they can't be read.</summary>
    public LookupCache ReadLookups()
    {
        var lookups = new LookupCache();
        try
        {
            if (_path is null || !File.Exists(LookupsPath))
                return lookups;

            byte[] bytes = File.ReadAllBytes(LookupsPath);
            if (!bytes.AsSpan().StartsWith(_header))
                return lookups;

            var reader = new ByteReader(bytes.AsSpan(_header.Length), LookupsPath);
            if (reader.ReadUInt32() == IndexCacheParts.Lookups && reader.ReadUInt32() is var checksum)
            {
                ByteReader part = reader.Split(reader.ReadUInt64());
                ReadOnlySpan<byte> content = part.ReadBytes((ulong)part.Remaining);
                part.Seek(0);
                if (Crc32.Compute(content) == checksum)
                    LookupCacheFile.Read(ref part, lookups);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadDataException)
        {
            // What was read until then is right: the checksum is.
        }

        return lookups;
    }

    /// <summary>Stores the answers of this run and of earlier ones.</summary>
    public void Store(LookupCache lookups)
    {
        if (_path is null)
            return;

        byte[] content = LookupCacheFile.ToBytes(lookups);
        IndexCacheParts.Write(
            LookupsPath,
            file =>
            {
                file.Write(_header);
                IndexCacheParts.WritePartHeader(file, IndexCacheParts.Lookups, content);
                file.Write(content);
            }
        );
    }

    /// <summary>The stored map of units; null when there is none.</summary>
    public UnitMap? Units
    {
        get
        {
            Load();
            return _units;
        }
    }

    /// <summary>The stored symbol index; null when there is none.</summary>
    public SymbolTableIndex? Symbols
    {
        get
        {
            Load();
            return _symbols;
        }
    }

    /// <summary>
    /// The path of the index of names. It has a file of its own, since it is mapped, not read, and much larger than the
    /// rest.
    /// </summary>
    private string NamesPath => Path.ChangeExtension(_path!, ".names");

    // A file of its own: it is written when a run ends that learned something, the others once.
    private string LookupsPath => Path.ChangeExtension(_path!, ".lookups");

    private static ReadOnlySpan<byte> Magic => "OspreyIx"u8;

    /// <summary>
    /// Opens the cache of a module, which reads what is stored when it is first asked for; nothing when the cache is
    /// turned off.
    /// </summary>
    /// <param name="options">The folder of the cache.</param>
    /// <param name="buildId">The module's build-id; empty when it has none.</param>
    /// <param name="debugImage">The file with the debug info.</param>
    /// <param name="image">The module's file.</param>
    /// <param name="shift">The distance between the addresses of the two.</param>
    public static IndexCache Open(
        SymbolizerOptions options,
        BuildId buildId,
        ElfImage debugImage,
        ElfImage image,
        ulong shift = 0
    )
    {
        bool isUsed = options.UseCache && BitConverter.IsLittleEndian;
        string folder = options.CacheDirectory ?? UserFolders.Cache;
        if (!isUsed || Identify(buildId, debugImage, image) is not { } identity)
            return new IndexCache(null, []);

        byte[] id = Encoding.UTF8.GetBytes(shift == 0 ? identity : $"{identity}+{shift:x}");
        byte[] header = new byte[Magic.Length + 8 + id.Length];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(Magic.Length), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + 4), id.Length);
        id.CopyTo(header.AsSpan(Magic.Length + 8));
        string name = buildId.IsEmpty
            ? $"file-{Crc32.Compute(id):x8}.index"
            : $"{buildId}-{Crc32.Compute(id):x8}.index";
        return new IndexCache(Path.Combine(folder, name), header);
    }

    /// <summary>
    /// Returns a text that identifies a module: its build-id, or path and time of a file without one. The sizes are
    /// part of it because a stripped file and the one it was made from have the same build-id but not the same offsets.
    /// Null when there is neither.
    /// </summary>
    private static string? Identify(BuildId buildId, ElfImage debugImage, ElfImage image)
    {
        string sizes = $"{debugImage.Source.Length:x}-{image.Source.Length:x}";
        if (!buildId.IsEmpty)
            return $"{buildId}-{sizes}";

        string path = debugImage.Source.Name;
        return File.Exists(path) ? $"{Path.GetFullPath(path)}-{File.GetLastWriteTimeUtc(path).Ticks:x}-{sizes}" : null;
    }

    /// <summary>Stores a map of units for the next run.</summary>
    public void Store(UnitMap units)
    {
        Load();
        _units = units;
        Save();
    }

    /// <summary>Stores a symbol index for the next run.</summary>
    public void Store(SymbolTableIndex symbols)
    {
        Load();
        _symbols = symbols;
        Save();
    }

    private void Load()
    {
        if (_isLoaded)
            return;

        _isLoaded = true;
        try
        {
            if (!File.Exists(_path))
                return;

            // Mapped, since all of it is copied once more: into the arrays.
            using ByteSource file = ByteSource.OpenFile(_path);
            ReadOnlySpan<byte> bytes = file.Slice(0, file.Length).Span;
            if (!bytes.StartsWith(_header))
                return;

            var reader = new ByteReader(bytes[_header.Length..], _path);
            while (reader.Remaining >= IndexCacheParts.HeaderSize)
            {
                uint kind = reader.ReadUInt32();
                uint checksum = reader.ReadUInt32();
                ByteReader part = reader.Split(reader.ReadUInt64());
                ReadOnlySpan<byte> content = part.ReadBytes((ulong)part.Remaining);
                if (Crc32.Compute(content) != checksum)
                    return;

                part.Seek(0);
                if (kind == IndexCacheParts.Units)
                    _units = IndexCacheParts.ReadUnits(ref part);
                else if (kind == IndexCacheParts.Symbols)
                    _symbols = IndexCacheParts.ReadSymbols(ref part);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadDataException)
        {
            // A cache that can't be read is the same as none.
        }
    }

    private void Save()
    {
        if (_path is null)
            return;

        IndexCacheParts.Write(
            _path,
            file =>
            {
                file.Write(_header);
                if (_units is { } units)
                    IndexCacheParts.WritePart(
                        file,
                        IndexCacheParts.Units,
                        IndexCacheParts.AsBytes(units.Starts),
                        IndexCacheParts.AsBytes(units.Units),
                        IndexCacheParts.AsBytes(units.Offsets)
                    );

                if (_symbols is { } symbols)
                    IndexCacheParts.WritePart(
                        file,
                        IndexCacheParts.Symbols,
                        IndexCacheParts.AsBytes(symbols.Addresses),
                        IndexCacheParts.AsBytes(symbols.Sizes),
                        IndexCacheParts.AsBytes(symbols.Names),
                        IndexCacheParts.AsBytes(symbols.Files)
                    );
            }
        );
    }
}
