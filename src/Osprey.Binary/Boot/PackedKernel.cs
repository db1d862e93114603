using System.Buffers.Binary;
using System.IO.Compression;
using Osprey.Binary.Compression;
using Osprey.Binary.Elf.Compression;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.Xz;
using CompressionMode = System.IO.Compression.CompressionMode;

namespace Osprey.Binary.Boot;

/// <summary>
/// Unpacks a kernel from each of the forms that its build can pack it in: gzip, xz, zstd, lz4, lzma, bzip2, lzo.
/// </summary>
internal static class PackedKernel
{
    /// <summary>Most bytes of a kernel: what x86-64 has addresses for (KERNEL_IMAGE_SIZE).</summary>
    private const int MaxSize = 512 << 20;

    private const int Chunk = 1 << 18;
    private const int TrailerSize = sizeof(uint);

    private static ReadOnlySpan<byte> Elf => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>Unpacks a kernel whose size follows it.</summary>
    /// <param name="payload">The packed bytes, whole, with the size.</param>
    /// <param name="name">The file's name, for errors.</param>
    /// <param name="offset">The place of the packed bytes in the file.</param>
    /// <exception cref="BadDataException">They are damaged, or of no known form.</exception>
    public static byte[] Unpack(ReadOnlyMemory<byte> payload, string name, long offset)
    {
        if (payload.Span.StartsWith(Elf))
            return payload.ToArray();

        PackedForm form = Recognise(payload.Span);
        if (form == PackedForm.Unknown || payload.Length < TrailerSize)
            throw new BadDataException(
                name,
                offset,
                "the kernel is packed in a way that is not known; expected gzip, xz, zstd, lz4, lzma, bzip2 or lzo"
            );

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(payload.Span[^TrailerSize..]);
        if (size > MaxSize)
            throw new BadDataException(
                name,
                offset + payload.Length - TrailerSize,
                $"an unpacked kernel of {size} bytes is over the limit of {MaxSize}"
            );

        // In gzip's form the size is the end of the form itself.
        ReadOnlyMemory<byte> packed = form == PackedForm.Gzip ? payload : payload[..^TrailerSize];
        byte[] unpacked = Run(form, packed, (int)size, name, offset);
        return unpacked.Length == size
            ? unpacked
            : throw Damaged(form, name, offset, $"{unpacked.Length} bytes came out of it, {size} were packed");
    }

    /// <summary>Unpacks a kernel in gzip's form with an unknown number of bytes behind it.</summary>
    /// <exception cref="BadDataException">The bytes are damaged, or no kernel is in them.</exception>
    public static byte[] UnpackUnbounded(ReadOnlyMemory<byte> payload, string name, long offset)
    {
        byte[] unpacked = Run(PackedForm.Gzip, payload, MaxSize, name, offset);
        return unpacked.AsSpan().StartsWith(Elf)
            ? unpacked
            : throw new BadDataException(name, offset, "it is no kernel's ELF file that is packed here");
    }

    private static PackedForm Recognise(ReadOnlySpan<byte> payload) =>
        payload.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? PackedForm.Gzip
        : payload.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? PackedForm.Xz
        : payload.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? PackedForm.Zstd
        : payload.StartsWith(Lz4Legacy.Magic) ? PackedForm.Lz4
        : payload.StartsWith(Lzop.Magic) ? PackedForm.Lzo
        : payload.StartsWith("BZh"u8) ? PackedForm.Bzip2
        : payload.StartsWith((ReadOnlySpan<byte>)[0x5d, 0, 0]) ? PackedForm.Lzma
        : PackedForm.Unknown;

    private static byte[] Run(PackedForm form, ReadOnlyMemory<byte> packed, int limit, string name, long offset)
    {
        var output = new MemoryStream(Math.Min(limit, packed.Length * 4L) is var room and > 0 ? (int)room : 0);
        try
        {
            switch (form)
            {
                case PackedForm.Lz4:
                    Lz4Legacy.Unpack(packed.Span, output, limit);
                    break;
                case PackedForm.Lzo:
                    Lzop.Unpack(packed.Span, output, limit);
                    break;
                default:
                    using (Stream stream = Open(form, packed, limit, name))
                        Copy(stream, output, limit);

                    break;
            }
        }
        catch (InvalidDataException e)
        {
            throw Damaged(form, name, offset, e.Message);
        }
        // The library has no exception of its own for all that damaged bytes can bring about; it also makes room for
        // what they say.
        catch (Exception e) when (e is not BadDataException && form is not (PackedForm.Gzip or PackedForm.Zstd))
        {
            throw Damaged(form, name, offset, "the compressed bytes are malformed");
        }

        return output.ToArray();
    }

    private static Stream Open(PackedForm form, ReadOnlyMemory<byte> packed, int limit, string name)
    {
        var input = new ReadOnlyMemoryStream(packed);
        return form switch
        {
            PackedForm.Gzip => new GZipStream(input, CompressionMode.Decompress),
            PackedForm.Zstd => new ZstdStream(input, name),
            // The readers of these forms ask for the place in their input.
            PackedForm.Xz => new XZStream(new MemoryStream(packed.ToArray(), writable: false)),
            PackedForm.Bzip2 => BZip2Stream.Create(
                new MemoryStream(packed.ToArray(), writable: false),
                SharpCompress.Compressors.CompressionMode.Decompress,
                decompressConcatenated: false
            ),
            _ => OpenLzma(packed, limit),
        };
    }

    /// <summary>Opens the older form of lzma: 5 bytes of properties, 8 of the size (-1: the end is marked).</summary>
    private static LzmaStream OpenLzma(ReadOnlyMemory<byte> packed, int limit)
    {
        const int PropertiesSize = 5;
        const int HeaderSize = PropertiesSize + sizeof(long);
        if (packed.Length < HeaderSize)
            throw new InvalidDataException("the compressed data end too early");

        long size = BinaryPrimitives.ReadInt64LittleEndian(packed.Span[PropertiesSize..]);
        byte[] rest = packed[HeaderSize..].ToArray();

        // Room is made for the dictionary. One that is larger than all that comes out is as good when it is smaller.
        byte[] properties = packed[..PropertiesSize].ToArray();
        uint dictionary = BinaryPrimitives.ReadUInt32LittleEndian(properties.AsSpan(1));
        BinaryPrimitives.WriteUInt32LittleEndian(properties.AsSpan(1), Math.Min(dictionary, (uint)limit + Chunk));
        return LzmaStream.Create(properties, new MemoryStream(rest, writable: false), rest.Length, Math.Max(size, -1));
    }

    private static void Copy(Stream from, MemoryStream to, int limit)
    {
        byte[] buffer = new byte[Chunk];
        int count;
        while ((count = from.Read(buffer, 0, buffer.Length)) > 0)
        {
            if (to.Length + count > limit)
                throw new InvalidDataException($"more than {limit} bytes came out of it");

            to.Write(buffer, 0, count);
        }
    }

    private static BadDataException Damaged(PackedForm form, string name, long offset, string reason) =>
        new(name, offset, $"the packed kernel ({form.ToString().ToLowerInvariant()}) is damaged: {reason}");
}
