using System.Buffers.Binary;
using System.IO.Compression;

namespace Osprey.Tests.Builders.Guests;

/// <summary>A Linux kernel's boot image: a boot sector, a setup program of one sector, and what is packed.</summary>
internal sealed class BootImageBuilder
{
    private const int Sector = 512;

    /// <summary>The version of the boot protocol.</summary>
    public ushort Protocol { get; init; } = 0x20f;

    /// <summary>The bytes before the packed kernel: the program that unpacks it.</summary>
    public byte[] Unpacker { get; init; } = new byte[300];

    /// <summary>The bytes behind it.</summary>
    public byte[] Rest { get; init; } = new byte[700];

    /// <summary>Packs a kernel by gzip, whose own end is the size.</summary>
    public static byte[] Gzip(byte[] kernel)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            stream.Write(kernel);

        return packed.ToArray();
    }

    /// <summary>Adds the size that follows packed bytes of other forms.</summary>
    public static byte[] WithSize(byte[] packed, uint size)
    {
        byte[] trailer = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, size);
        return [.. packed, .. trailer];
    }

    public byte[] Build(byte[] payload)
    {
        byte[] front = new byte[2 * Sector];
        front[0x1f1] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(front.AsSpan(0x1fe), 0xaa55);
        "HdrS"u8.CopyTo(front.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(front.AsSpan(0x206), Protocol);
        if (Protocol >= 0x208)
        {
            BinaryPrimitives.WriteInt32LittleEndian(front.AsSpan(0x248), Unpacker.Length);
            BinaryPrimitives.WriteInt32LittleEndian(front.AsSpan(0x24c), payload.Length);
        }

        return [.. front, .. Unpacker, .. payload, .. Rest];
    }
}
