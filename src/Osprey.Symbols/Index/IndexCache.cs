using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Osprey.Binary;
using Osprey.Binary.Elf;
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
    private const uint Version = 4;
    private const int PartHeaderSize = 16;
    private const uint UnitsPart = 1;
    private const uint SymbolsPart = 2;

    private readonly string? _path;
    private readonly byte[] _header;
    private ByteSource? _names;

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
            Write(NamesPath, file => NameIndexFile.Write(file, GetNamesHeader(splitFiles), names));
    }

    private byte[] GetNamesHeader(string splitFiles) =>
        splitFiles.Length == 0
            ? _header
            : [.. _header, .. System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(splitFiles))];

    /// <summary>The stored map of units; null when there is none.</summary>
    public UnitMap? Units { get; private set; }

    /// <summary>The stored symbol index; null when there is none.</summary>
    public SymbolTableIndex? Symbols { get; private set; }

    /// <summary>
    /// The path of the index of names. It has a file of its own, since it is mapped, not read, and much larger than the
    /// rest.
    /// </summary>
    private string NamesPath => Path.ChangeExtension(_path!, ".names");

    private static ReadOnlySpan<byte> Magic => "OspreyIx"u8;

    /// <summary>Opens the cache of a module and reads what is stored; nothing when the cache is turned off.</summary>
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
        string? folder = options.UseCache && BitConverter.IsLittleEndian ? GetFolder(options) : null;
        if (folder is null || Identify(buildId, debugImage, image) is not { } identity)
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
        var cache = new IndexCache(Path.Combine(folder, name), header);
        cache.Load();
        return cache;
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
        Units = units;
        Save();
    }

    /// <summary>Stores a symbol index for the next run.</summary>
    public void Store(SymbolTableIndex symbols)
    {
        Symbols = symbols;
        Save();
    }

    private static string? GetFolder(SymbolizerOptions options)
    {
        if (options.CacheDirectory is { } given)
            return given;

        string? caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(caches) || !Path.IsPathRooted(caches))
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (home.Length == 0)
                return null;

            caches = Path.Combine(home, ".cache");
        }

        return Path.Combine(caches, "osprey");
    }

    private void Load()
    {
        try
        {
            if (!File.Exists(_path))
                return;

            byte[] bytes = File.ReadAllBytes(_path);
            if (!bytes.AsSpan().StartsWith(_header))
                return;

            var reader = new ByteReader(bytes.AsSpan(_header.Length), _path);
            while (reader.Remaining >= PartHeaderSize)
            {
                uint kind = reader.ReadUInt32();
                uint checksum = reader.ReadUInt32();
                ByteReader part = reader.Split(reader.ReadUInt64());
                ReadOnlySpan<byte> content = part.ReadBytes((ulong)part.Remaining);
                if (Crc32.Compute(content) != checksum)
                    return;

                part.Seek(0);
                if (kind == UnitsPart)
                    Units = ReadUnits(ref part);
                else if (kind == SymbolsPart)
                    Symbols = ReadSymbols(ref part);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadDataException)
        {
            // A cache that can't be read is the same as none.
        }
    }

    private static UnitMap? ReadUnits(ref ByteReader reader)
    {
        ulong[] starts = ReadArray<ulong>(ref reader);
        int[] units = ReadArray<int>(ref reader);
        ulong[] offsets = ReadArray<ulong>(ref reader);
        if (starts.Length != units.Length)
            return null;

        foreach (int unit in units)
        {
            if (unit < -1 || unit >= offsets.Length)
                return null;
        }

        return new UnitMap(starts, units, offsets);
    }

    private static SymbolTableIndex? ReadSymbols(ref ByteReader reader)
    {
        ulong[] addresses = ReadArray<ulong>(ref reader);
        ulong[] sizes = ReadArray<ulong>(ref reader);
        uint[] names = ReadArray<uint>(ref reader);
        uint[] files = ReadArray<uint>(ref reader);
        return addresses.Length == sizes.Length && addresses.Length == names.Length && addresses.Length == files.Length
            ? new SymbolTableIndex(addresses, sizes, names, files)
            : null;
    }

    private static T[] ReadArray<T>(ref ByteReader reader)
        where T : unmanaged
    {
        ulong size = reader.ReadUInt64();
        return MemoryMarshal.Cast<byte, T>(reader.ReadBytes(size)).ToArray();
    }

    private void Save()
    {
        if (_path is null)
            return;

        Write(
            _path,
            file =>
            {
                file.Write(_header);
                if (Units is { } units)
                    WritePart(file, UnitsPart, AsBytes(units.Starts), AsBytes(units.Units), AsBytes(units.Offsets));

                if (Symbols is { } symbols)
                    WritePart(
                        file,
                        SymbolsPart,
                        AsBytes(symbols.Addresses),
                        AsBytes(symbols.Sizes),
                        AsBytes(symbols.Names),
                        AsBytes(symbols.Files)
                    );
            }
        );
    }

    /// <summary>Writes a file in one step: other processes see the old file, or the new one as a whole.</summary>
    private static void Write(string path, Action<FileStream> write)
    {
        string temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():n}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
                write(file);

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
        }
    }

    private static byte[] AsBytes<T>(T[] items)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(items).ToArray();

    private static void WritePart(FileStream file, uint kind, params ReadOnlySpan<byte[]> arrays)
    {
        using var content = new MemoryStream();
        Span<byte> number = stackalloc byte[8];
        foreach (byte[] array in arrays)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, array.Length);
            content.Write(number);
            content.Write(array);
        }

        ReadOnlySpan<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        Span<byte> header = stackalloc byte[PartHeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, kind);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32.Compute(bytes));
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], bytes.Length);
        file.Write(header);
        file.Write(bytes);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The temporary file stays behind in the cache's folder.
        }
    }
}
