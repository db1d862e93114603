namespace Osprey.Binary.Dwarf.Frame;

/// <summary>The part that the call frame information of several functions has in common (a CIE).</summary>
internal sealed class CommonInformationEntry
{
    internal CommonInformationEntry() { }

    /// <summary>Offset of the entry in its section.</summary>
    public required int Offset { get; init; }

    /// <summary>The version: 1, 3 or 4.</summary>
    public required byte Version { get; init; }

    /// <summary>The letters of the extensions that it uses, such as "zPLR".</summary>
    public required string Augmentation { get; init; }

    /// <summary>The factor of distances in code, in bytes.</summary>
    public ulong CodeAlignment { get; internal set; }

    /// <summary>The factor of offsets in data, in bytes; often negative.</summary>
    public long DataAlignment { get; internal set; }

    /// <summary>The number of the register whose rule gives the return address.</summary>
    public int ReturnAddressRegister { get; internal set; }

    /// <summary>True when its functions are entered by an interrupt or signal, not by a call.</summary>
    public bool IsSignalFrame { get; internal set; }

    /// <summary>The version, and the sizes of values in its programs and expressions.</summary>
    public required UnitEncoding Encoding { get; init; }

    internal PointerEncoding PointerEncoding { get; set; }

    internal PointerEncoding LsdaEncoding { get; set; } = PointerEncoding.Omitted;

    internal bool HasAugmentationData { get; set; }

    internal byte SegmentSize { get; set; }

    internal int ProgramStart { get; set; }

    internal int ProgramEnd { get; set; }
}
