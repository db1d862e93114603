using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Osprey.Binary;
using Osprey.Binary.Elf;

namespace Osprey.Symbols.Index;

/// <summary>Reads and writes the parts of the files of an <see cref="IndexCache"/>.</summary>
internal static class IndexCacheParts
{
    /// <summary>Bytes before each part: kind, checksum, size.</summary>
    public const int HeaderSize = 16;

    /// <summary>The kind of the part with the map of units.</summary>
    public const uint Units = 1;

    /// <summary>The kind of the part with the symbol index.</summary>
    public const uint Symbols = 2;

    /// <summary>The kind of the part with answers.</summary>
    public const uint Lookups = 3;

    /// <summary>Reads a map of units; null when it says what can't be.</summary>
    public static UnitMap? ReadUnits(ref ByteReader reader)
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

    /// <summary>Reads a symbol index; null when it says what can't be.</summary>
    public static SymbolTableIndex? ReadSymbols(ref ByteReader reader)
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

    /// <summary>Writes a file in one step: other processes see the old file, or the new one as a whole.</summary>
    public static void Write(string path, Action<FileStream> write)
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

    /// <summary>The bytes of an array.</summary>
    public static byte[] AsBytes<T>(T[] items)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(items).ToArray();

    /// <summary>Writes a part of arrays.</summary>
    public static void WritePart(FileStream file, uint kind, params ReadOnlySpan<byte[]> arrays)
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
        WritePartHeader(file, kind, bytes);
        file.Write(bytes);
    }

    /// <summary>Writes what stands before a part.</summary>
    public static void WritePartHeader(FileStream file, uint kind, ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, kind);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32.Compute(content));
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], content.Length);
        file.Write(header);
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
