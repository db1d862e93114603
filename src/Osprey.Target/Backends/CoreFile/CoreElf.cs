using Osprey.Binary;
using Osprey.Binary.Elf;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>The program headers of an ELF core, 32- or 64-bit.</summary>
/// <remarks>
/// QEMU's cores lie in e_ehsize and have odd section headers, so only e_phoff, e_phentsize and e_phnum are trusted; and
/// section 0 where there are 65,535 segments or more.
/// </remarks>
internal sealed record CoreElf(bool Is64Bit, ElfType Type, ElfMachine Machine, IReadOnlyList<ElfSegment> Segments)
{
    private const int MaxSegments = 1 << 20;
    private const uint CountElsewhere = 0xffff; // PN_XNUM

    public static CoreElf Read(ByteSource source)
    {
        Span<byte> bytes = stackalloc byte[64];
        bytes = bytes[..source.Read(0, bytes)];
        var reader = new ByteReader(bytes, source.Name);
        reader.Skip(4);
        byte fileClass = reader.ReadByte();
        byte order = reader.ReadByte();
        if (fileClass is not (1 or 2))
            throw new BadDataException(source.Name, 4, $"ELF class {fileClass}; expected 1 (32-bit) or 2 (64-bit)");

        if (order != 1)
            throw new BadDataException(source.Name, 5, $"byte order {order}; expected 1 (little endian)");

        bool is64 = fileClass == 2;
        reader.Seek(16);
        var type = (ElfType)reader.ReadUInt16();
        var machine = (ElfMachine)reader.ReadUInt16();
        reader.Seek(is64 ? 32UL : 28);
        ulong offset = ReadWord(ref reader, is64);
        ulong sections = ReadWord(ref reader, is64);
        reader.Skip(6);
        int entrySize = reader.ReadUInt16();
        uint count = reader.ReadUInt16();
        if (count == CountElsewhere)
            count = ReadLargeCount(source, sections, is64);

        if (count > MaxSegments)
            throw new BadDataException(source.Name, 0, $"{count} program headers are over the limit of {MaxSegments}");

        int expected = is64 ? 56 : 32;
        if (count != 0 && entrySize < expected)
            throw new BadDataException(source.Name, 0, $"program headers of {entrySize} bytes; expected {expected}");

        return new CoreElf(is64, type, machine, ReadSegments(source, offset, entrySize, (int)count, is64));
    }

    private static ElfSegment[] ReadSegments(ByteSource source, ulong offset, int entrySize, int count, bool is64)
    {
        if (offset > (ulong)source.Length)
            throw new BadDataException(source.Name, 0, $"program headers at 0x{offset:x}, outside of the file");

        ReadOnlyMemory<byte> table = source.Slice((long)offset, (long)count * entrySize);
        var segments = new ElfSegment[count];
        for (int i = 0; i < count; i++)
        {
            var reader = new ByteReader(
                table.Span.Slice(i * entrySize, entrySize),
                source.Name,
                (long)offset + (i * entrySize)
            );
            segments[i] = is64 ? ReadSegment64(ref reader) : ReadSegment32(ref reader);
        }

        return segments;
    }

    private static ElfSegment ReadSegment64(ref ByteReader reader)
    {
        var type = (ElfSegmentType)reader.ReadUInt32();
        uint flags = reader.ReadUInt32();
        ulong offset = reader.ReadUInt64();
        ulong linkAddress = reader.ReadUInt64();
        ulong physical = reader.ReadUInt64();
        ulong fileSize = reader.ReadUInt64();
        ulong memorySize = reader.ReadUInt64();
        return new ElfSegment(type, flags, offset, linkAddress, physical, fileSize, memorySize, reader.ReadUInt64());
    }

    private static ElfSegment ReadSegment32(ref ByteReader reader)
    {
        var type = (ElfSegmentType)reader.ReadUInt32();
        ulong offset = Widen(reader.ReadUInt32());
        ulong linkAddress = reader.ReadUInt32();
        ulong physical = Widen(reader.ReadUInt32());
        ulong fileSize = reader.ReadUInt32();
        ulong memorySize = reader.ReadUInt32();
        uint flags = reader.ReadUInt32();
        return new ElfSegment(type, flags, offset, linkAddress, physical, fileSize, memorySize, reader.ReadUInt32());

        // "Nowhere" looks the same in both classes.
        static ulong Widen(uint value) => value == uint.MaxValue ? ulong.MaxValue : value;
    }

    private static uint ReadLargeCount(ByteSource source, ulong sections, bool is64)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (sections > (ulong)source.Length)
            throw new BadDataException(source.Name, 0, $"section headers at 0x{sections:x}, outside of the file");

        var reader = new ByteReader(bytes[..source.Read((long)sections, bytes)], source.Name, (long)sections);
        reader.Skip(is64 ? 44UL : 28);
        return reader.ReadUInt32(); // sh_info
    }

    private static ulong ReadWord(ref ByteReader reader, bool is64) => is64 ? reader.ReadUInt64() : reader.ReadUInt32();
}
