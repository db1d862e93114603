namespace Osprey.Binary.Dwarf.Frame;

/// <summary>
/// The call frame information of a range of code, mostly one function (an FDE). Addresses are link-time.
/// </summary>
/// <param name="Offset">Offset of the entry in its section.</param>
/// <param name="Common">The part that it has in common with other entries.</param>
/// <param name="Start">Address of the range's first byte.</param>
/// <param name="End">Address of the first byte behind the range.</param>
/// <param name="ProgramStart">Offset of its call frame program in the section.</param>
/// <param name="ProgramEnd">Offset of the first byte behind the program.</param>
internal readonly record struct FrameDescription(
    int Offset,
    CommonInformationEntry Common,
    ulong Start,
    ulong End,
    int ProgramStart,
    int ProgramEnd
)
{
    /// <summary>True when an address is in the range.</summary>
    public bool Contains(ulong linkAddress) => linkAddress >= Start && linkAddress < End;
}
