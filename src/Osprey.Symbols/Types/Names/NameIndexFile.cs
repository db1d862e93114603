using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Osprey.Binary;
using Osprey.Binary.Elf;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// Reads and writes an index of names on disk. The file is mapped and used as it is. Its header identifies the module;
/// then, at a multiple of 8, come the count of names (u64), the CRC-32 of all the rest (u32), the count of units (u32),
/// the offset of each unit (u64), and the content.
/// </summary>
internal static class NameIndexFile
{
    private const uint Version = 4;
    private const int TableHeaderSize = 16;
    private const int ChecksumOffset = 8;
    private const int UnitCountOffset = 12;

    private static ReadOnlySpan<byte> Magic => "OspreyNm"u8;

    /// <summary>Maps a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">The identity of the module.</param>
    /// <param name="source">
    /// The mapping, to be disposed when the index is no longer used; null when there is no index.
    /// </param>
    /// <returns>Null when the file does not exist, is damaged, or is of another module.</returns>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="BadDataException">The file is cut short.</exception>
    public static NameIndex? Open(string path, ReadOnlySpan<byte> identity, out ByteSource? source)
    {
        source = null;
        if (!File.Exists(path))
            return null;

        ByteSource file = ByteSource.OpenFile(path);
        NameIndex? index = null;
        try
        {
            index = Read(file, identity);
        }
        finally
        {
            if (index is null)
                file.Dispose();
            else
                source = file;
        }

        return index;
    }

    /// <summary>Writes an index.</summary>
    public static void Write(Stream file, ReadOnlySpan<byte> identity, NameIndex index)
    {
        byte[] header = GetHeader(identity);
        file.Write(header);
        Span<byte> table = stackalloc byte[TableHeaderSize];
        table.Clear();
        ReadOnlySpan<byte> units = MemoryMarshal.AsBytes<ulong>(index.UnitStarts);
        BinaryPrimitives.WriteInt64LittleEndian(table, index.Count);
        BinaryPrimitives.WriteInt32LittleEndian(table[UnitCountOffset..], index.UnitStarts.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(
            table[ChecksumOffset..],
            GetChecksum(table, units, index.Content.Span)
        );
        file.Write(table);
        file.Write(units);
        file.Write(index.Content.Span);
    }

    private static NameIndex? Read(ByteSource file, ReadOnlySpan<byte> identity)
    {
        byte[] header = GetHeader(identity);
        long rest = file.Length - header.Length - TableHeaderSize;
        if (rest < 0 || rest > int.MaxValue || !file.Slice(0, header.Length).Span.SequenceEqual(header))
            return null;

        ReadOnlySpan<byte> table = file.Slice(header.Length, TableHeaderSize).Span;
        long count = BinaryPrimitives.ReadInt64LittleEndian(table);
        long unitBytes = sizeof(ulong) * (long)BinaryPrimitives.ReadUInt32LittleEndian(table[UnitCountOffset..]);
        if (unitBytes > rest)
            return null;

        long start = header.Length + TableHeaderSize;
        ReadOnlySpan<byte> units = file.Slice(start, unitBytes).Span;
        ReadOnlyMemory<byte> content = file.Slice(start + unitBytes, rest - unitBytes);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(table[ChecksumOffset..]);
        return checksum == GetChecksum(table, units, content.Span)
            ? NameIndex.FromContent(content, count, MemoryMarshal.Cast<byte, ulong>(units).ToArray())
            : null;
    }

    /// <summary>The checksum of all but itself.</summary>
    private static uint GetChecksum(ReadOnlySpan<byte> table, ReadOnlySpan<byte> units, ReadOnlySpan<byte> content)
    {
        uint counts = Crc32.Compute(table[UnitCountOffset..], Crc32.Compute(table[..ChecksumOffset]));
        return Crc32.Compute(content, Crc32.Compute(units, counts));
    }

    /// <summary>Returns magic, version and identity, with padding that aligns the entries.</summary>
    private static byte[] GetHeader(ReadOnlySpan<byte> identity)
    {
        byte[] header = new byte[(Magic.Length + 8 + identity.Length + 7) / 8 * 8];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(Magic.Length), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + 4), identity.Length);
        identity.CopyTo(header.AsSpan(Magic.Length + 8));
        return header;
    }
}
