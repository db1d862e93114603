using System.Buffers.Binary;
using Osprey.Binary;
using Osprey.Binary.Elf;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// Reads and writes an index of names on disk. The file is mapped and used as it is. Its header identifies the module;
/// then, at a multiple of 8, come the count of names (u64), the CRC-32 of the count and the content (u32), 4 zero
/// bytes, and the content.
/// </summary>
internal static class NameIndexFile
{
    private const uint Version = 3;
    private const int TableHeaderSize = 16;

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
        BinaryPrimitives.WriteInt64LittleEndian(table, index.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(table[8..], GetChecksum(table, index.Content.Span));
        file.Write(table);
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
        ReadOnlyMemory<byte> content = file.Slice(header.Length + TableHeaderSize, rest);
        return
            BinaryPrimitives.ReadUInt32LittleEndian(table[12..]) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(table[8..]) == GetChecksum(table, content.Span)
            ? NameIndex.FromContent(content, count)
            : null;
    }

    private static uint GetChecksum(ReadOnlySpan<byte> table, ReadOnlySpan<byte> content) =>
        Crc32.Compute(content, Crc32.Compute(table[..8]));

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
