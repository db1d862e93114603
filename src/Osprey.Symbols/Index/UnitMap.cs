using Osprey.Binary;

namespace Osprey.Symbols.Index;

/// <summary>Which unit of a debug file covers an address.</summary>
/// <param name="Starts">Where each piece starts; it reaches to the next one's start.</param>
/// <param name="Units">Index in <see cref="Offsets"/> for each piece; -1 where there is no unit.</param>
/// <param name="Offsets">Where each unit starts in <c>.debug_info</c>.</param>
internal sealed record UnitMap(ulong[] Starts, int[] Units, ulong[] Offsets)
{
    /// <summary>Index in <see cref="Offsets"/> of the unit at a link-time address, or -1.</summary>
    public int Find(ulong linkAddress)
    {
        int piece = BinarySearch.FindLastNotAbove(Starts, linkAddress);
        return piece < 0 ? RangeFlattener.Nothing : Units[piece];
    }
}
