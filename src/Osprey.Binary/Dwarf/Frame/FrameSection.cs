using Osprey.Binary.Elf;

namespace Osprey.Binary.Dwarf.Frame;

/// <summary>
/// A section of call frame information: its bytes, and the addresses that pointers in it are relative to. Addresses are
/// link-time.
/// </summary>
/// <param name="Kind">The kind of section.</param>
/// <param name="Content">The section's bytes.</param>
/// <param name="LinkAddress">Link-time address of the section's first byte.</param>
internal sealed record FrameSection(FrameSectionKind Kind, ReadOnlyMemory<byte> Content, ulong LinkAddress)
{
    /// <summary>The bytes of <c>.eh_frame_hdr</c>, which has a table to search in; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Header { get; init; }

    /// <summary>Link-time address of the header's first byte.</summary>
    public ulong HeaderLinkAddress { get; init; }

    /// <summary>Start of the code; some encodings count from it.</summary>
    public ulong TextLinkAddress { get; init; }

    /// <summary>Start of the global offset table; some encodings count from it.</summary>
    public ulong DataLinkAddress { get; init; }

    /// <summary>Size of an address in bytes: 4 or 8.</summary>
    public byte AddressSize { get; init; } = 8;

    /// <summary>
    /// True when the size of the section is not known: it ends at the first entry of length 0, within
    /// <see cref="Content"/>.
    /// </summary>
    public bool EndsAtTerminator { get; init; }

    /// <summary>Where bytes of <see cref="Content"/> could not be had, in order.</summary>
    public IReadOnlyList<Range> Gaps { get; init; } = [];

    /// <summary>True when the values are big-endian.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>The section's name, for messages.</summary>
    public string Name => Kind == FrameSectionKind.EhFrame ? ".eh_frame" : ".debug_frame";

    /// <summary>Reads the section of a file, also of a file without section headers; null when it has none.</summary>
    /// <exception cref="BadDataException">The section lies outside of the file, or can't be decompressed.</exception>
    public static FrameSection? FromImage(ElfImage image, FrameSectionKind kind)
    {
        if (kind == FrameSectionKind.DebugFrame)
        {
            ReadOnlyMemory<byte> debugFrame = image.GetDebugContent(".debug_frame");
            return debugFrame.IsEmpty ? null : Complete(image, new FrameSection(kind, debugFrame, 0));
        }

        if (image.FindSection(".eh_frame") is not { } section)
            return FromSegment(image);

        ReadOnlyMemory<byte> content = image.GetContent(section);
        if (content.IsEmpty)
            return null;

        ElfSection? header = image.FindSection(".eh_frame_hdr");
        return Complete(
            image,
            new FrameSection(kind, content, section.LinkAddress)
            {
                Header = header is null ? default : image.GetContent(header),
                HeaderLinkAddress = header?.LinkAddress ?? 0,
            }
        );
    }

    /// <summary>True when some of a range of the content could not be had.</summary>
    public bool IsGap(int start, int end)
    {
        foreach (Range gap in Gaps)
        {
            if (gap.Start.Value < end && gap.End.Value > start)
                return true;
        }

        return false;
    }

    private static FrameSection Complete(ElfImage image, FrameSection section) =>
        section with
        {
            TextLinkAddress = image.FindSection(".text")?.LinkAddress ?? 0,
            DataLinkAddress = (image.FindSection(".got.plt") ?? image.FindSection(".got"))?.LinkAddress ?? 0,
            IsBigEndian = image.IsBigEndian,
        };

    /// <summary>
    /// Finds <c>.eh_frame</c> by the program header of its search table. Only its terminator then shows where the
    /// section ends.
    /// </summary>
    private static FrameSection? FromSegment(ElfImage image)
    {
        foreach (ElfSegment header in image.Segments)
        {
            if (
                header.Type != ElfSegmentType.EhFrame
                || !TrySlice(
                    image,
                    header.LinkAddress,
                    header.FileSize,
                    out ReadOnlyMemory<byte> bytes,
                    out IReadOnlyList<Range> noHeader
                )
            )
                continue;

            var probe = new FrameSection(FrameSectionKind.EhFrame, default, 0)
            {
                Header = bytes,
                HeaderLinkAddress = header.LinkAddress,
                IsBigEndian = image.IsBigEndian,
            };
            if (
                FrameSearchTable.ReadSectionAddress(probe) is { } start
                && TrySlice(image, start, null, out ReadOnlyMemory<byte> content, out IReadOnlyList<Range> gaps)
            )
                return probe with
                {
                    Content = content,
                    LinkAddress = start,
                    EndsAtTerminator = true,
                    Gaps = gaps,
                    Header = noHeader.Count == 0 ? bytes : default,
                };
        }

        return null;
    }

    /// <summary>
    /// Finds the bytes that are loaded at an address; up to the end of their segment when no size is given.
    /// </summary>
    private static bool TrySlice(
        ElfImage image,
        ulong linkAddress,
        ulong? size,
        out ReadOnlyMemory<byte> bytes,
        out IReadOnlyList<Range> gaps
    )
    {
        bytes = default;
        gaps = [];
        foreach (ElfSegment segment in image.Segments)
        {
            if (segment.Type != ElfSegmentType.Load || linkAddress < segment.LinkAddress)
                continue;

            ulong skipped = linkAddress - segment.LinkAddress;
            if (skipped >= segment.FileSize || segment.Offset > long.MaxValue - skipped)
                continue;

            ulong length = Math.Min(size ?? ulong.MaxValue, Math.Min(segment.FileSize - skipped, int.MaxValue));
            if (segment.Offset + skipped + length > (ulong)image.Source.Length)
                continue;

            bytes = image.Source.SliceWithGaps((long)(segment.Offset + skipped), (long)length, out gaps);
            return true;
        }

        return false;
    }
}
