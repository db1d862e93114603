using SharpCompress.Compressors.Xz;

namespace Osprey.Binary.Compression;

/// <summary>Decompresses what <c>xz</c> wrote.</summary>
internal static class XzData
{
    private const int Chunk = 1 << 16;

    /// <summary>Decompresses bytes.</summary>
    /// <param name="packed">The compressed bytes.</param>
    /// <param name="maxSize">The most that may come out.</param>
    /// <param name="name">Their name, for errors.</param>
    /// <exception cref="BadDataException">They are damaged, or more would come out.</exception>
    public static byte[] Unpack(ReadOnlyMemory<byte> packed, int maxSize, string name)
    {
        using var unpacked = new MemoryStream();
        try
        {
            using var stream = new XZStream(new MemoryStream(packed.ToArray(), writable: false));
            byte[] buffer = new byte[Chunk];
            int count;
            while ((count = stream.Read(buffer, 0, buffer.Length)) > 0)
            {
                if (unpacked.Length + count > maxSize)
                    throw new BadDataException(name, 0, $"over {maxSize} bytes after decompression");

                unpacked.Write(buffer, 0, count);
            }
        }
        // The library has no exception of its own for all that damaged bytes can bring about.
        catch (Exception e) when (e is not (BadDataException or OutOfMemoryException))
        {
            throw new BadDataException(name, 0, "xz: the compressed bytes are damaged");
        }

        return unpacked.ToArray();
    }
}
