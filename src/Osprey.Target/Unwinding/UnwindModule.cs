using Osprey.Binary;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Sources;

namespace Osprey.Target.Unwinding;

/// <summary>
/// One program or library, as unwinding sees it: its place, its code, and its call frame information.
/// </summary>
/// <remarks>Thread-safe. Does not own the images.</remarks>
public sealed class UnwindModule
{
    private readonly ElfImage _image;
    private readonly ParseLimits? _limits;
    private readonly Lazy<(FrameTable? Table, ulong Shift)> _debugFrame;
    private readonly List<(ulong Start, ulong End)> _code = [];

    /// <param name="image">The file that was loaded.</param>
    /// <param name="bias">Where it was loaded.</param>
    /// <param name="findDebugFile">
    /// Finds its split-off debug file when it is first needed; null when there is none.
    /// </param>
    /// <param name="limits">Bounds on what the files may declare.</param>
    public UnwindModule(
        ElfImage image,
        LoadBias bias,
        Func<DebugFile?>? findDebugFile = null,
        ParseLimits? limits = null
    )
    {
        _image = image;
        _limits = limits;
        Bias = bias;
        Name = image.Source.Name;
        Start = bias.GetStart(image);
        End = bias.ToAddress(image.HighestLinkAddress);
        EhFrame = Open(image, FrameSectionKind.EhFrame);
        _debugFrame = new Lazy<(FrameTable? Table, ulong Shift)>(() => OpenDebugFrame(findDebugFile));
        FindCode();
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>Run-time address of its first byte.</summary>
    public ulong Start { get; }

    /// <summary>Run-time address behind its last byte.</summary>
    public ulong End { get; }

    /// <summary>Converts between its run-time and link-time addresses.</summary>
    public LoadBias Bias { get; }

    /// <summary>Its <c>.eh_frame</c>; null when it has none that can be read.</summary>
    internal FrameTable? EhFrame { get; }

    /// <summary>Its <c>.debug_frame</c>, or that of its debug file; null when there is none that can be read.</summary>
    internal FrameTable? DebugFrame => _debugFrame.Value.Table;

    /// <summary>The first problem with its call frame information; null when none is known.</summary>
    public string? Problem { get; private set; }

    /// <summary>Tells whether a run-time address is in it.</summary>
    public bool Contains(ulong address) => address >= Start && address < End;

    /// <summary>Tells whether a run-time address is in code of it.</summary>
    internal bool IsCode(ulong address)
    {
        ulong linkAddress = Bias.ToLinkAddress(address);
        foreach ((ulong start, ulong end) in _code)
        {
            if (linkAddress >= start && linkAddress < end)
                return true;
        }

        return false;
    }

    /// <summary>Copies code as the file has it; a short count means that the file holds no more there.</summary>
    internal int ReadCode(ulong address, Span<byte> buffer) => _image.ReadLoaded(Bias.ToLinkAddress(address), buffer);

    /// <summary>
    /// Finds the rules to unwind with at a run-time address; null when the file has none there that make sense.
    /// </summary>
    internal UnwindRow? FindRow(ulong address)
    {
        ulong linkAddress = Bias.ToLinkAddress(address);
        return Find(EhFrame, linkAddress)
            ?? (IsCode(address) ? Find(DebugFrame, unchecked(linkAddress - _debugFrame.Value.Shift)) : null);
    }

    private UnwindRow? Find(FrameTable? table, ulong linkAddress)
    {
        try
        {
            return table?.FindRow(linkAddress);
        }
        catch (BadDataException e)
        {
            Problem ??= e.Message;
            return null;
        }
    }

    private (FrameTable? Table, ulong Shift) OpenDebugFrame(Func<DebugFile?>? findDebugFile)
    {
        if (Open(_image, FrameSectionKind.DebugFrame) is { } own)
            return (own, 0);

        return findDebugFile?.Invoke() is { } file && Open(file.Image, FrameSectionKind.DebugFrame) is { } found
            ? (found, file.Shift)
            : (null, 0);
    }

    private FrameTable? Open(ElfImage image, FrameSectionKind kind)
    {
        try
        {
            return FrameTable.FromImage(image, kind, _limits);
        }
        catch (BadDataException e)
        {
            Problem ??= e.Message;
            return null;
        }
    }

    /// <summary>
    /// Sections tell code apart better: a kernel may be one segment that can be written and executed as a whole.
    /// </summary>
    private void FindCode()
    {
        foreach (ElfSection section in _image.Sections)
        {
            const ElfSectionFlags Code = ElfSectionFlags.Allocated | ElfSectionFlags.Executable;
            if ((section.Flags & Code) == Code && section.Size <= ulong.MaxValue - section.LinkAddress)
                _code.Add((section.LinkAddress, section.LinkAddress + section.Size));
        }

        if (_code.Count > 0)
            return;

        foreach (ElfSegment segment in _image.Segments)
        {
            bool isCode = segment.Type == ElfSegmentType.Load && (segment.Flags & 1) != 0;
            if (isCode && segment.MemorySize <= ulong.MaxValue - segment.LinkAddress)
                _code.Add((segment.LinkAddress, segment.LinkAddress + segment.MemorySize));
        }
    }
}
