namespace Osprey.Binary.Dwarf.Frame;

/// <summary>What several functions' call frame information has in common (a CIE).</summary>
public sealed class CommonInformationEntry
{
    internal CommonInformationEntry() { }

    /// <summary>Where it starts in its section.</summary>
    public required int Offset { get; init; }

    /// <summary>Its version: 1, 3 or 4.</summary>
    public required byte Version { get; init; }

    /// <summary>What it adds to the format, such as "zPLR".</summary>
    public required string Augmentation { get; init; }

    /// <summary>What distances in code are multiples of, in bytes.</summary>
    public ulong CodeAlignment { get; internal set; }

    /// <summary>What offsets in data are multiples of, in bytes.</summary>
    public long DataAlignment { get; internal set; }

    /// <summary>The column whose rule gives the return address.</summary>
    public int ReturnAddressRegister { get; internal set; }

    /// <summary>Whether its functions are ones that were entered by an interrupt or signal and not by a call.</summary>
    public bool IsSignalFrame { get; internal set; }

    /// <summary>Sizes of values in its programs and expressions.</summary>
    public required UnitEncoding Encoding { get; init; }

    internal PointerEncoding PointerEncoding { get; set; }

    internal PointerEncoding LsdaEncoding { get; set; } = PointerEncoding.Omitted;

    internal bool HasAugmentationData { get; set; }

    internal byte SegmentSize { get; set; }

    internal int ProgramStart { get; set; }

    internal int ProgramEnd { get; set; }
}
