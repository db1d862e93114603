using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Guests.Osv;

/// <summary>
/// The ELF header and program headers of OSv's kernel as they lie in memory. The image is loaded with its headers to
/// one physical address, whatever way the guest was booted.
/// </summary>
/// <param name="KernelAddress">Virtual address of the image's first byte.</param>
/// <param name="Size">Bytes of the image that come from the file.</param>
/// <param name="HasPhysicalEntry">True when the entry point is a physical address within the image.</param>
/// <param name="Notes">The note segments: physical address and size of each.</param>
internal sealed record OsvImageHeader(
    ulong KernelAddress,
    long Size,
    bool HasPhysicalEntry,
    IReadOnlyList<(PhysicalAddress Start, int Size)> Notes
)
{
    /// <summary>The physical address that the image is loaded to: <c>OSV_KERNEL_BASE</c> of OSv's build.</summary>
    public const ulong ImageAddress = 0x200000;

    /// <summary>The largest image that is believed. Real ones have 3 to 12 MiB.</summary>
    public const long MaxImageSize = 64 << 20;

    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int MaxProgramHeaders = 64;
    private const int MaxNotesSize = 1 << 16;
    private const uint LoadSegment = 1; // PT_LOAD
    private const uint NoteSegment = 4; // PT_NOTE

    /// <summary>Reads the headers.</summary>
    /// <returns>Null when there are none, or they describe an image that belongs elsewhere.</returns>
    public static OsvImageHeader? TryRead(IPhysicalMemory memory)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (
            memory.Read(new PhysicalAddress(ImageAddress), header) != HeaderSize
            || !header[..6].SequenceEqual("\u007fELF\u0002\u0001"u8)
        )
        {
            return null;
        }

        ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        ulong tableOffset = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[54..]);
        int count = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(header[56..]), (ushort)MaxProgramHeaders);
        if (tableOffset > 1 << 20 || entrySize != ProgramHeaderSize)
            return null;

        ulong? address = null;
        long size = 0;
        var notes = new List<(PhysicalAddress, int)>();
        Span<byte> segment = stackalloc byte[ProgramHeaderSize];
        for (int i = 0; i < count; i++)
        {
            var place = new PhysicalAddress(ImageAddress + tableOffset + (ulong)(i * ProgramHeaderSize));
            if (memory.Read(place, segment) != ProgramHeaderSize)
                break;

            uint type = BinaryPrimitives.ReadUInt32LittleEndian(segment);
            ulong physical = BinaryPrimitives.ReadUInt64LittleEndian(segment[24..]);
            ulong fileSize = BinaryPrimitives.ReadUInt64LittleEndian(segment[32..]);
            if (type == LoadSegment && physical == ImageAddress && address is null)
            {
                address = BinaryPrimitives.ReadUInt64LittleEndian(segment[16..]);
                size = (long)Math.Min(fileSize, MaxImageSize);
            }
            else if (type == NoteSegment && fileSize <= MaxNotesSize)
            {
                notes.Add((new PhysicalAddress(physical), (int)fileSize));
            }
        }

        return address is { } start
            ? new OsvImageHeader(start, size, entry >= ImageAddress && entry - ImageAddress < (ulong)size, notes)
            : null;
    }
}
