using System.Buffers.Binary;
using System.Text;
using Osprey.Git.Objects;

namespace Osprey.Tests.Builders.Git;

/// <summary>Writes the indexes of packs.</summary>
internal static class PackIndexBuilder
{
    /// <summary>Builds an index of one pack.</summary>
    /// <param name="version">1 or 2.</param>
    /// <param name="pack">The pack with its checksum.</param>
    /// <param name="builder">The builder that made it.</param>
    /// <param name="longOffsets">Whether version 2 has all offsets in the table of 8 bytes each.</param>
    public static byte[] Build(int version, byte[] pack, PackBuilder builder, bool longOffsets = false)
    {
        PackedEntry[] sorted = Sort(builder.Entries);
        using var bytes = new MemoryStream();
        if (version == 2)
            bytes.Write([0xff, (byte)'t', (byte)'O', (byte)'c', 0, 0, 0, 2]);

        WriteFanOut(bytes, sorted);
        if (version == 1)
        {
            foreach (PackedEntry entry in sorted)
            {
                Write32(bytes, (uint)entry.Offset);
                bytes.Write(NameOf(entry));
            }
        }
        else
        {
            foreach (PackedEntry entry in sorted)
                bytes.Write(NameOf(entry));

            foreach (PackedEntry _ in sorted)
                Write32(bytes, 0); // checksums of entries, which nobody reads

            for (int i = 0; i < sorted.Length; i++)
                Write32(bytes, longOffsets ? 0x8000_0000 | (uint)i : (uint)sorted[i].Offset);

            foreach (PackedEntry entry in longOffsets ? sorted : [])
                Write64(bytes, (ulong)entry.Offset);
        }

        bytes.Write(pack.AsSpan(pack.Length - builder.Format.Size));
        return [.. bytes.ToArray(), .. PackBuilder.Checksum(builder.Format, bytes.ToArray())];
    }

    /// <summary>Builds one index of several packs.</summary>
    /// <param name="format">The hash that names are.</param>
    /// <param name="packs">Names of the packs' indexes, and their entries.</param>
    /// <param name="longOffsets">Whether all offsets are in the table of 8 bytes each.</param>
    public static byte[] BuildMulti(
        ObjectFormat format,
        (string Name, IReadOnlyList<PackedEntry> Entries)[] packs,
        bool longOffsets = false
    )
    {
        PackedEntry[] sorted = Sort(packs.SelectMany(pack => pack.Entries));
        using var names = new MemoryStream();
        foreach ((string name, _) in packs)
            names.Write(Encoding.UTF8.GetBytes(name + "\0"));

        while (names.Length % 4 != 0)
            names.WriteByte(0);

        using var fanOut = new MemoryStream();
        WriteFanOut(fanOut, sorted);
        using var ids = new MemoryStream();
        using var offsets = new MemoryStream();
        using var large = new MemoryStream();
        for (int i = 0; i < sorted.Length; i++)
        {
            ids.Write(NameOf(sorted[i]));
            Write32(offsets, (uint)Array.FindIndex(packs, pack => pack.Entries.Contains(sorted[i])));
            Write32(offsets, longOffsets ? 0x8000_0000 | (uint)i : (uint)sorted[i].Offset);
            Write64(large, (ulong)sorted[i].Offset);
        }

        (string Id, byte[] Bytes)[] chunks =
        [
            ("PNAM", names.ToArray()),
            ("OIDF", fanOut.ToArray()),
            ("OIDL", ids.ToArray()),
            ("OOFF", offsets.ToArray()),
            .. longOffsets ? [("LOFF", large.ToArray())] : Array.Empty<(string, byte[])>(),
        ];
        using var bytes = new MemoryStream();
        bytes.Write("MIDX"u8);
        bytes.Write([1, (byte)(format == ObjectFormat.Sha1 ? 1 : 2), (byte)chunks.Length, 0]);
        Write32(bytes, (uint)packs.Length);
        long start = 12 + (12 * (chunks.Length + 1));
        foreach ((string id, byte[] content) in chunks)
        {
            bytes.Write(Encoding.ASCII.GetBytes(id));
            Write64(bytes, (ulong)start);
            start += content.Length;
        }

        Write32(bytes, 0);
        Write64(bytes, (ulong)start);
        foreach ((_, byte[] content) in chunks)
            bytes.Write(content);

        return [.. bytes.ToArray(), .. PackBuilder.Checksum(format, bytes.ToArray())];
    }

    private static PackedEntry[] Sort(IEnumerable<PackedEntry> entries) =>
        [.. entries.OrderBy(entry => entry.Id.ToString(), StringComparer.Ordinal)];

    private static byte[] NameOf(PackedEntry entry)
    {
        byte[] name = new byte[entry.Id.Size];
        entry.Id.CopyTo(name);
        return name;
    }

    private static void WriteFanOut(Stream bytes, PackedEntry[] sorted)
    {
        for (int i = 0; i < 256; i++)
            Write32(bytes, (uint)sorted.Count(entry => entry.Id.FirstByte <= i));
    }

    private static void Write32(Stream bytes, uint value)
    {
        Span<byte> buffer = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(buffer, value);
        bytes.Write(buffer);
    }

    private static void Write64(Stream bytes, ulong value)
    {
        Span<byte> buffer = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(buffer, value);
        bytes.Write(buffer);
    }
}
