using System.Text;
using Osprey.Binary.Boot;
using Osprey.Binary.Elf.Relocatable;

namespace Osprey.Binary.Elf;

/// <content>Reading of the headers.</content>
public sealed partial class ElfImage
{
    /// <summary>
    /// Opens a file and reads its headers; of a Linux kernel's boot image for x86 (bzImage), the ELF file in it.
    /// </summary>
    /// <param name="path">The file's path.</param>
    /// <param name="limits">Limits on what the file may declare; null for the default ones.</param>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="BadDataException">
    /// The file is not a 64-bit ELF file, or its headers are malformed, or those of the boot image.
    /// </exception>
    public static ElfImage Open(string path, ParseLimits? limits = null)
    {
        ByteSource source = ByteSource.OpenFile(path);
        try
        {
            if (!BootImage.IsOne(source))
                return Parse(source, limits);

            ByteSource kernel = new MemoryByteSource(path, BootImageCache.Unpack(source, path));
            source.Dispose();
            return Parse(kernel, limits);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Reads the headers of <paramref name="source"/>, which the image owns from then on.</summary>
    /// <param name="source">The file's bytes.</param>
    /// <param name="limits">Limits on what the file may declare; null for the default ones.</param>
    /// <exception cref="BadDataException">The file is not a 64-bit ELF file, or its headers are malformed.</exception>
    public static ElfImage Parse(ByteSource source, ParseLimits? limits = null)
    {
        limits ??= ParseLimits.Default;
        ElfHeader header = ElfHeader.Read(source);
        ElfSegment[] segments = ReadSegments(source, header, limits);
        ElfSection[] sections = ReadSections(source, header, limits);
        if (header.Type == ElfType.Relocatable)
        {
            ulong[] addresses = SectionLayout.Place(sections, source.Name);
            for (int i = 0; i < sections.Length; i++)
            {
                bool hasPlace = addresses[i] != SectionLayout.Nowhere;
                sections[i] = sections[i] with
                {
                    LinkAddress = addresses[i],
                    Flags = hasPlace ? sections[i].Flags : sections[i].Flags & ~ElfSectionFlags.Allocated,
                };
            }

            segments = SectionLayout.GetSegments(sections);
        }

        return new ElfImage(source, limits, header, sections, segments);
    }

    private static ElfSegment[] ReadSegments(ByteSource source, in ElfHeader header, ParseLimits limits)
    {
        ReadOnlyMemory<byte> table = SliceTable(
            source,
            header.SegmentsOffset,
            header.SegmentCount,
            ElfHeader.SegmentHeaderSize,
            "program headers",
            limits
        );
        var reader = new ByteReader(
            table.Span,
            source.Name,
            unchecked((long)header.SegmentsOffset),
            header.IsBigEndian
        );
        var segments = new ElfSegment[header.SegmentCount];
        for (int i = 0; i < segments.Length; i++)
        {
            var type = (ElfSegmentType)reader.ReadUInt32();
            uint flags = reader.ReadUInt32();
            ulong offset = reader.ReadUInt64();
            ulong linkAddress = reader.ReadUInt64();
            ulong physical = reader.ReadUInt64();
            ulong fileSize = reader.ReadUInt64();
            ulong memorySize = reader.ReadUInt64();
            segments[i] = new ElfSegment(
                type,
                flags,
                offset,
                linkAddress,
                physical,
                fileSize,
                memorySize,
                reader.ReadUInt64()
            );
        }

        return segments;
    }

    private static ElfSection[] ReadSections(ByteSource source, in ElfHeader header, ParseLimits limits)
    {
        ReadOnlyMemory<byte> table = SliceTable(
            source,
            header.SectionsOffset,
            header.SectionCount,
            ElfHeader.SectionHeaderSize,
            "section headers",
            limits
        );
        var sections = new ElfSection[header.SectionCount];
        ReadOnlyMemory<byte> names = SliceNames(source, header, table);
        var reader = new ByteReader(
            table.Span,
            source.Name,
            unchecked((long)header.SectionsOffset),
            header.IsBigEndian
        );
        for (int i = 0; i < sections.Length; i++)
        {
            uint name = reader.ReadUInt32();
            var type = (ElfSectionType)reader.ReadUInt32();
            var flags = (ElfSectionFlags)reader.ReadUInt64();
            ulong linkAddress = reader.ReadUInt64();
            ulong offset = reader.ReadUInt64();
            ulong size = reader.ReadUInt64();
            uint link = reader.ReadUInt32();
            uint info = reader.ReadUInt32();
            ulong alignment = reader.ReadUInt64();
            ulong entrySize = reader.ReadUInt64();
            sections[i] = new ElfSection(
                i,
                ReadName(names.Span, name),
                type,
                flags,
                linkAddress,
                offset,
                size,
                link,
                entrySize,
                alignment
            )
            {
                Info = info,
            };
        }

        return sections;
    }

    /// <summary>
    /// Returns the bytes of the section names; empty when the header does not lead to them, since a file can be used
    /// without names.
    /// </summary>
    private static ReadOnlyMemory<byte> SliceNames(ByteSource source, in ElfHeader header, ReadOnlyMemory<byte> table)
    {
        if (header.NamesIndex >= header.SectionCount)
            return default;

        var reader = new ByteReader(table.Span, source.Name, 0, header.IsBigEndian);
        reader.Seek((header.NamesIndex * (ulong)ElfHeader.SectionHeaderSize) + 24);
        ulong offset = reader.ReadUInt64();
        ulong size = reader.ReadUInt64();
        return offset <= (ulong)source.Length && size <= Math.Min((ulong)source.Length - offset, int.MaxValue)
            ? source.Slice((long)offset, (long)size)
            : default;
    }

    private static string ReadName(ReadOnlySpan<byte> names, uint offset)
    {
        if (offset >= (uint)names.Length)
            return "";

        ReadOnlySpan<byte> rest = names[(int)offset..];
        int length = rest.IndexOf((byte)0);
        return length < 0 ? "" : Encoding.UTF8.GetString(rest[..length]);
    }

    private static ReadOnlyMemory<byte> SliceTable(
        ByteSource source,
        ulong offset,
        uint count,
        int entrySize,
        string what,
        ParseLimits limits
    )
    {
        if (count == 0)
            return default;

        if (count > (uint)limits.MaxSections)
            throw new BadDataException(source.Name, 0, $"{count} {what} are over the limit of {limits.MaxSections}");

        if (offset > long.MaxValue)
            throw new BadDataException(source.Name, 0, $"{what} at 0x{offset:x}, outside of the file");

        return source.Slice((long)offset, (long)count * entrySize);
    }
}
