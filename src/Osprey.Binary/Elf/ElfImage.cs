using System.Runtime.InteropServices;
using Osprey.Binary.Elf.Compression;
using Osprey.Binary.Elf.Relocatable;

namespace Osprey.Binary.Elf;

/// <summary>A 64-bit ELF file. Its headers are read at once, contents when they are asked for.</summary>
/// <remarks>
/// A section or segment with a wrong offset or size does no harm until its bytes are asked for. Reading is thread-safe.
/// The image owns its source and disposes it.
/// </remarks>
public sealed partial class ElfImage : IDisposable
{
    private readonly ParseLimits _limits;
    private readonly Lock _lock = new();
    private readonly ElfSection[] _sections;
    private readonly ElfSegment[] _segments;
    private readonly byte[]?[] _unpacked;
    private readonly Dictionary<string, ElfSection> _sectionsByName = new(StringComparer.Ordinal);

    private ElfImage(
        ByteSource source,
        ParseLimits limits,
        ElfHeader header,
        ElfSection[] sections,
        ElfSegment[] segments
    )
    {
        Source = source;
        _limits = limits;
        IsBigEndian = header.IsBigEndian;
        Machine = header.Machine;
        Type = header.Type;
        EntryPoint = header.EntryPoint;
        _sections = sections;
        _segments = segments;
        _unpacked = new byte[]?[sections.Length];
        foreach (ElfSection section in sections)
            _sectionsByName.TryAdd(section.Name, section);
    }

    /// <summary>The bytes that the image was read from.</summary>
    public ByteSource Source { get; }

    /// <summary>True when the file's values are big-endian.</summary>
    public bool IsBigEndian { get; }

    /// <summary>The processor that the file is for.</summary>
    public ElfMachine Machine { get; }

    /// <summary>The kind of file: program, library, core.</summary>
    public ElfType Type { get; }

    /// <summary>Link-time address of the program's first instruction; 0 when there is none.</summary>
    public ulong EntryPoint { get; }

    /// <summary>The section headers, including the empty first one; no items in a file without sections.</summary>
    public IReadOnlyList<ElfSection> Sections => _sections;

    /// <summary>The program headers.</summary>
    public IReadOnlyList<ElfSegment> Segments => _segments;

    /// <summary>Link-time address of the first byte that is loaded; 0 when nothing is.</summary>
    public ulong LowestLinkAddress
    {
        get
        {
            ulong lowest = ulong.MaxValue;
            foreach (ElfSegment segment in _segments)
            {
                if (segment.Type == ElfSegmentType.Load && segment.MemorySize != 0)
                    lowest = Math.Min(lowest, segment.LinkAddress);
            }

            return lowest == ulong.MaxValue ? 0 : lowest;
        }
    }

    /// <summary>Link-time address behind the last byte that is loaded; 0 when nothing is.</summary>
    public ulong HighestLinkAddress
    {
        get
        {
            ulong highest = 0;
            foreach (ElfSegment segment in _segments)
            {
                if (segment.Type == ElfSegmentType.Load && segment.MemorySize <= ulong.MaxValue - segment.LinkAddress)
                    highest = Math.Max(highest, segment.LinkAddress + segment.MemorySize);
            }

            return highest;
        }
    }

    /// <summary>Finds the first section of that name; null when there is none.</summary>
    /// <param name="name">The name with its dot.</param>
    public ElfSection? FindSection(string name) => _sectionsByName.GetValueOrDefault(name);

    /// <summary>
    /// Returns the section's bytes, decompressed if they are compressed; empty when the file does not hold them (as for
    /// .bss).
    /// </summary>
    /// <exception cref="BadDataException">The bytes lie outside of the file, or can't be decompressed.</exception>
    public ReadOnlyMemory<byte> GetContent(ElfSection section)
    {
        if (section.Type is ElfSectionType.NoBits or ElfSectionType.Null)
            return default;

        bool flagged = (section.Flags & ElfSectionFlags.Compressed) != 0;
        bool old = section.Name.StartsWith(".zdebug_", StringComparison.Ordinal);
        bool relocated = Type == ElfType.Relocatable && IsRelocated(section);
        if (!flagged && !old && !relocated)
            return GetStoredContent(section);

        lock (_lock)
        {
            if (_unpacked[section.Index] is { } unpacked)
                return unpacked;

            ReadOnlyMemory<byte> content = GetStoredContent(section);
            if (flagged)
                content = SectionDecompressor.Unpack(content, section.Name, IsBigEndian, _limits);
            else if (old && SectionDecompressor.IsOldForm(content.Span))
                content = SectionDecompressor.UnpackOldForm(content, section.Name, _limits);
            else if (!relocated)
                return content;

            if (!relocated)
                return _unpacked[section.Index] = MemoryMarshal.TryGetArray(content, out ArraySegment<byte> array)
                    ? array.Array!
                    : content.ToArray();

            byte[] copy = content.ToArray();
            var relocator = new SectionRelocator(this);
            ulong applied = 0;
            foreach (ElfSection table in _sections)
            {
                if (!IsRelocationTable(table) || table.Info != (uint)section.Index)
                    continue;

                // Several tables may have the same bytes, but no real file has.
                applied = table.Size <= ulong.MaxValue - applied ? applied + table.Size : ulong.MaxValue;
                if (applied > (ulong)Source.Length)
                    throw new BadDataException(Source.Name, 0, $"more relocations of {section.Name} than bytes");

                relocator.Apply(copy, section, table);
            }

            return _unpacked[section.Index] = copy;
        }
    }

    /// <summary>
    /// Returns the bytes of a debug section by its usual name, even when it is stored compressed as <c>.zdebug_*</c>;
    /// empty when there is none.
    /// </summary>
    /// <param name="name">The name with its dot: <c>.debug_info</c>.</param>
    /// <exception cref="BadDataException">The bytes lie outside of the file, or can't be decompressed.</exception>
    internal ReadOnlyMemory<byte> GetDebugContent(string name)
    {
        ElfSection? section = FindSection(name) ?? FindSection(".z" + name[1..]);
        if (section is null)
            return default;

        ReadOnlyMemory<byte> content = GetContent(section);
        return Type == ElfType.Relocatable ? Join(section, content) : content;
    }

    /// <summary>
    /// Copies the bytes that are loaded at a link-time address to the buffer; fewer when the file holds no more there.
    /// </summary>
    /// <returns>The number of bytes copied.</returns>
    public int ReadLoaded(ulong linkAddress, Span<byte> buffer)
    {
        foreach (ElfSegment segment in _segments)
        {
            if (
                segment.Type != ElfSegmentType.Load
                || linkAddress < segment.LinkAddress
                || linkAddress - segment.LinkAddress >= segment.FileSize
            )
            {
                continue;
            }

            ulong skipped = linkAddress - segment.LinkAddress;
            if (segment.Offset > long.MaxValue || skipped > long.MaxValue - segment.Offset)
                return 0;

            int count = (int)Math.Min((ulong)buffer.Length, segment.FileSize - skipped);
            return Source.Read((long)(segment.Offset + skipped), buffer[..count]);
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();

    /// <summary>
    /// Adds the bytes of the other sections of the same name: each type unit of an object file has one of its own.
    /// </summary>
    private ReadOnlyMemory<byte> Join(ElfSection first, ReadOnlyMemory<byte> content)
    {
        List<ReadOnlyMemory<byte>>? parts = null;
        ulong stored = 0;
        foreach (ElfSection section in _sections)
        {
            if (section == first || section.Name != first.Name)
                continue;

            stored = section.Size <= ulong.MaxValue - stored ? stored + section.Size : ulong.MaxValue;
            if (stored > (ulong)Source.Length)
                throw new BadDataException(Source.Name, 0, $"sections {first.Name} of more bytes than the file");

            (parts ??= [content]).Add(GetContent(section));
        }

        if (parts is null)
            return content;

        byte[] joined = new byte[parts.Sum(part => part.Length)];
        int position = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            part.CopyTo(joined.AsMemory(position));
            position += part.Length;
        }

        return joined;
    }

    private static bool IsRelocationTable(ElfSection section) =>
        section.Type is ElfSectionType.RelocationsWithAddends or ElfSectionType.Relocations;

    /// <summary>
    /// True for a section that is read with its relocations applied: debug info and call frame information that has
    /// any.
    /// </summary>
    private bool IsRelocated(ElfSection section)
    {
        if (
            section.Name != ".eh_frame"
            && !section.Name.StartsWith(".debug_", StringComparison.Ordinal)
            && !section.Name.StartsWith(".zdebug_", StringComparison.Ordinal)
        )
            return false;

        foreach (ElfSection table in _sections)
        {
            if (IsRelocationTable(table) && table.Info == (uint)section.Index)
                return true;
        }

        return false;
    }

    /// <summary>Returns a section's bytes as the file has them.</summary>
    /// <exception cref="BadDataException">They lie outside of the file.</exception>
    internal ReadOnlyMemory<byte> GetStoredContent(ElfSection section)
    {
        if (section.Offset > long.MaxValue || section.Size > long.MaxValue)
            throw new BadDataException(Source.Name, 0, $"section {section.Name} lies outside of the file");

        return Source.Slice((long)section.Offset, (long)section.Size);
    }
}
