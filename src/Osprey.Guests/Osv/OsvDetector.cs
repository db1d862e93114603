using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Guests.Osv;

/// <summary>
/// Recognises OSv: its kernel's ELF image lies, headers included, at one physical address for ever, and says its
/// version in what it prints first. Needs neither registers nor page tables.
/// </summary>
public static class OsvDetector
{
    /// <summary>Where the image is loaded: <c>OSV_KERNEL_BASE</c>.</summary>
    private const ulong ImageAddress = 0x200000;

    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int MaxProgramHeaders = 64;
    private const long MaxImageSize = 64 << 20;
    private const uint LoadSegment = 1; // PT_LOAD

    /// <summary>What is known of the guest; null when it is not OSv, or its kernel is not in place yet.</summary>
    public static GuestIdentity? Detect(IPhysicalMemory memory)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (
            memory.Read(new PhysicalAddress(ImageAddress), header) != HeaderSize
            || !header[..6].SequenceEqual("\u007fELF\u0002\u0001"u8)
        )
        {
            return null;
        }

        ulong tableOffset = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[54..]);
        int count = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(header[56..]), (ushort)MaxProgramHeaders);
        if (tableOffset > 1 << 20 || entrySize != ProgramHeaderSize)
            return null;

        Span<byte> entry = stackalloc byte[ProgramHeaderSize];
        for (int i = 0; i < count; i++)
        {
            var address = new PhysicalAddress(ImageAddress + tableOffset + (ulong)(i * ProgramHeaderSize));
            if (memory.Read(address, entry) != ProgramHeaderSize)
                return null;

            ulong physical = BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) == LoadSegment && physical == ImageAddress)
            {
                ulong virtualAddress = BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]);
                long size = (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]), MaxImageSize);
                return FindVersion(memory, size) is { } version
                    ? new GuestIdentity(GuestKind.Osv, version, virtualAddress, new PhysicalAddress(ImageAddress))
                    : null;
            }
        }

        return null;
    }

    /// <summary>The version that the kernel prints: "OSv v0.57.0-398-g0e34e4dc".</summary>
    private static string? FindVersion(IPhysicalMemory memory, long size)
    {
        string? version = KernelImageText.Find(
            (offset, buffer) => memory.Read(new PhysicalAddress(ImageAddress + (ulong)offset), buffer),
            size,
            "OSv v"u8,
            text => text.Length > 0 && char.IsAsciiDigit(text[0])
        );
        return version is null ? null : "v" + version.Split(' ')[0];
    }
}
