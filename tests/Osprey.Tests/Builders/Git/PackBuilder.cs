using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Osprey.Git.Objects;
using Osprey.Git.Packs;

namespace Osprey.Tests.Builders.Git;

/// <summary>Writes packs.</summary>
internal sealed class PackBuilder(ObjectFormat format)
{
    private const int HeaderSize = 12;

    private readonly MemoryStream _bytes = Create();
    private readonly List<PackedEntry> _entries = [];

    private static MemoryStream Create()
    {
        var stream = new MemoryStream();
        stream.Write(new byte[HeaderSize]);
        return stream;
    }

    /// <summary>The hash that names are.</summary>
    public ObjectFormat Format => format;

    /// <summary>The entries so far.</summary>
    public IReadOnlyList<PackedEntry> Entries => _entries;

    /// <summary>Adds an object that is whole.</summary>
    public PackedEntry AddWhole(GitObjectType type, byte[] data) =>
        Add((PackEntryKind)type, [], data, format.ComputeId(type, data), data);

    /// <summary>Adds a blob as a delta of an entry before.</summary>
    public PackedEntry AddOffsetDelta(PackedEntry original, byte[] delta, byte[] result) =>
        AddDelta(_bytes.Position - original.Offset, delta, result);

    /// <summary>Adds a blob as a delta of what is so many bytes before, if anything is.</summary>
    public PackedEntry AddDelta(long distance, byte[] delta, byte[] result)
    {
        var groups = new List<byte> { (byte)(distance & 0x7f) };
        for (long rest = distance >> 7; rest > 0; rest >>= 7)
        {
            rest--;
            groups.Insert(0, (byte)(0x80 | (rest & 0x7f)));
        }

        return Add(PackEntryKind.OffsetDelta, [.. groups], delta, format.ComputeId(GitObjectType.Blob, result), result);
    }

    /// <summary>Adds a blob as a delta of an object that is named.</summary>
    public PackedEntry AddReferenceDelta(ObjectId original, byte[] delta, byte[] result)
    {
        byte[] name = new byte[format.Size];
        original.CopyTo(name);
        return Add(PackEntryKind.ReferenceDelta, name, delta, format.ComputeId(GitObjectType.Blob, result), result);
    }

    /// <summary>Adds an entry of any kind that declares any size.</summary>
    public PackedEntry Add(
        PackEntryKind kind,
        byte[] reference,
        byte[] content,
        ObjectId id,
        byte[] data,
        long? size = null
    )
    {
        var entry = new PackedEntry(id, _bytes.Position, data);
        long rest = size ?? content.Length;
        byte first = (byte)(((int)kind << 4) | (int)(rest & 15));
        for (rest >>= 4; rest > 0; rest >>= 7)
        {
            _bytes.WriteByte((byte)(first | 0x80));
            first = (byte)(rest & 0x7f);
        }

        _bytes.WriteByte(first);
        _bytes.Write(reference);
        using (var zlib = new ZLibStream(_bytes, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(content);

        _entries.Add(entry);
        return entry;
    }

    /// <summary>Builds the pack.</summary>
    public byte[] Build()
    {
        Span<byte> bytes = _bytes.GetBuffer().AsSpan(0, (int)_bytes.Position);
        "PACK"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], 2);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], _entries.Count);
        return [.. bytes, .. Checksum(format, bytes)];
    }

    /// <summary>Computes the checksum that packs and indexes end with.</summary>
    public static byte[] Checksum(ObjectFormat format, ReadOnlySpan<byte> bytes) =>
        CryptographicOperations.HashData(
            format == ObjectFormat.Sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256,
            bytes
        );
}
