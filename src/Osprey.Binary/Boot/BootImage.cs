using System.Buffers.Binary;

namespace Osprey.Binary.Boot;

// A Linux kernel for x86 is booted from a bzImage (vmlinuz): a boot sector, a setup program for real mode, and a small
// program that unpacks the kernel. The setup header in the boot sector (Documentation/arch/x86/boot.rst of the kernel's
// sources) says since protocol 2.08, of 2007, where the packed kernel lies: payload_offset and payload_length, counted
// from the end of the setup program.
//
// Unpacked, it is the kernel's ELF file without symbols and debug info, and behind it the places to relocate when the
// kernel is moved (CONFIG_RELOCATABLE), which nothing in the ELF file counts. What packs it for the kernel's build adds
// the size of the unpacked bytes in 4 bytes, which gzip does by itself. So the size is known before: nothing more than
// that is unpacked, and less is an error.

/// <summary>A Linux kernel as it is booted on x86, a bzImage: finds the packed kernel in it.</summary>
internal static class BootImage
{
    private const int HeaderEnd = 0x250;
    private const int SectorSize = 512;
    private const int SetupSectors = 0x1f1; // setup_sects
    private const int BootFlag = 0x1fe; // boot_flag
    private const int Magic = 0x202; // header
    private const int Version = 0x206; // version
    private const int PayloadOffset = 0x248; // payload_offset
    private const int PayloadLength = 0x24c; // payload_length
    private const int FirstVersionWithPayload = 0x208;

    /// <summary>The number of setup sectors where the header says 0.</summary>
    private const int DefaultSetupSectors = 4;

    /// <summary>Most places that look like the start of gzip data which are tried.</summary>
    private const int MaxTries = 16;

    private static ReadOnlySpan<byte> GzipStart => [0x1f, 0x8b, 8];

    /// <summary>True when a file begins like one.</summary>
    public static bool IsOne(ByteSource source)
    {
        Span<byte> header = stackalloc byte[HeaderEnd];
        return source.Read(0, header) == header.Length
            && BinaryPrimitives.ReadUInt16LittleEndian(header[BootFlag..]) == 0xaa55
            && header[Magic..].StartsWith("HdrS"u8);
    }

    /// <summary>Unpacks the kernel's ELF file, with what may follow it.</summary>
    /// <param name="source">The boot image.</param>
    /// <exception cref="BadDataException">
    /// It is damaged or cut off, packed in a way that is not known, or would be too large.
    /// </exception>
    public static byte[] Unpack(ByteSource source)
    {
        ReadOnlySpan<byte> header = source.Slice(0, HeaderEnd).Span;
        int sectors = header[SetupSectors] is > 0 and byte count ? count : DefaultSetupSectors;
        long setup = (sectors + 1L) * SectorSize;
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[Version..]) < FirstVersionWithPayload)
            return Search(source, setup);

        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(header[PayloadOffset..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[PayloadLength..]);
        long start = setup + offset;
        if (start > source.Length || length > source.Length - start)
            throw new BadDataException(
                source.Name,
                PayloadOffset,
                $"the packed kernel has {length} bytes at 0x{start:x}, the file 0x{source.Length:x}: it is cut off"
            );

        return PackedKernel.Unpack(source.Slice(start, length), source.Name, start);
    }

    /// <summary>Older images, which gzip alone packed, do not say where it begins.</summary>
    private static byte[] Search(ByteSource source, long start)
    {
        start = Math.Min(start, source.Length);
        ReadOnlyMemory<byte> rest = source.Slice(start, source.Length - start);
        int at = 0;
        for (int tries = 0; tries < MaxTries; tries++)
        {
            int found = rest.Span[at..].IndexOf(GzipStart);
            if (found < 0)
                break;

            at += found;
            try
            {
                return PackedKernel.UnpackUnbounded(rest[at..], source.Name, start + at);
            }
            catch (BadDataException)
            {
                at++; // something else with these bytes
            }
        }

        throw new BadDataException(source.Name, start, "there is no packed kernel behind the setup program");
    }
}
