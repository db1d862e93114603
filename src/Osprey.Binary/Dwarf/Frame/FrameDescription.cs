namespace Osprey.Binary.Dwarf.Frame;

/// <summary>The call frame information of a range of code (an FDE). Addresses are link-time.</summary>
/// <param name="Offset">Where it starts in its section.</param>
/// <param name="Common">What it shares with others.</param>
/// <param name="Start">The range's first byte.</param>
/// <param name="End">The first behind it.</param>
/// <param name="ProgramStart">Where its program starts in the section.</param>
/// <param name="ProgramEnd">The first byte behind the program.</param>
public readonly record struct FrameDescription(
    int Offset,
    CommonInformationEntry Common,
    ulong Start,
    ulong End,
    int ProgramStart,
    int ProgramEnd
)
{
    /// <summary>Whether an address is in it.</summary>
    public bool Contains(ulong linkAddress) => linkAddress >= Start && linkAddress < End;
}
