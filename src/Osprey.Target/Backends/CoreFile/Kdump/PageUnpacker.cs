using System.IO.Compression;
using Osprey.Binary.Compression;
using Snappier;
using ZstdSharp;

namespace Osprey.Target.Backends.CoreFile.Kdump;

/// <summary>Unpacks pages of a kdump file, in each of the ways in which makedumpfile packs them.</summary>
internal sealed class PageUnpacker : IDisposable
{
    /// <summary>The flags of a page or a file that name a way of packing.</summary>
    public const uint AnyWay = ByZlib | ByLzo | BySnappy | ByZstd;

    private const uint ByZlib = 0x1; // DUMP_DH_COMPRESSED_ZLIB
    private const uint ByLzo = 0x2; // DUMP_DH_COMPRESSED_LZO
    private const uint BySnappy = 0x4; // DUMP_DH_COMPRESSED_SNAPPY
    private const uint ByZstd = 0x20; // DUMP_DH_COMPRESSED_ZSTD

    private Decompressor? _zstd;

    /// <summary>Unpacks a page.</summary>
    /// <param name="way">The flag of the way that it is packed in.</param>
    /// <param name="packed">The packed bytes; the array is not changed.</param>
    /// <param name="size">How many there are of them.</param>
    /// <param name="page">Takes the page.</param>
    /// <returns>False when it is damaged: when it does not unpack to just a page.</returns>
    public bool TryUnpack(uint way, byte[] packed, int size, byte[] page)
    {
        ReadOnlySpan<byte> bytes = packed.AsSpan(0, size);
        int count = 0;
        bool isWhole = way switch
        {
            ByZlib => TryInflate(packed, size, page, out count),
            ByLzo => Lzo.TryUnpack(bytes, page, out count),
            BySnappy => TryUnpackSnappy(bytes, page, out count),
            ByZstd => TryUnpackZstd(bytes, page, out count),
            _ => false,
        };
        return isWhole && count == page.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _zstd?.Dispose();

    private static bool TryInflate(byte[] packed, int size, byte[] page, out int count)
    {
        count = 0;
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed, 0, size), CompressionMode.Decompress);
            count = stream.ReadAtLeast(page, page.Length, throwOnEndOfStream: false);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool TryUnpackSnappy(ReadOnlySpan<byte> packed, byte[] page, out int count)
    {
        count = 0;
        try
        {
            // The library makes room for what the packed bytes say, so what they say is looked at first.
            return Snappy.GetUncompressedLength(packed) == page.Length && Snappy.TryDecompress(packed, page, out count);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private bool TryUnpackZstd(ReadOnlySpan<byte> packed, byte[] page, out int count)
    {
        count = 0;
        try
        {
            return (_zstd ??= new Decompressor()).TryUnwrap(packed, page, out count);
        }
        catch (ZstdException)
        {
            return false;
        }
    }
}
