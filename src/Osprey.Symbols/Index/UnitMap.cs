using Osprey.Binary;

namespace Osprey.Symbols.Index;

/// <summary>The units of a debug file by the addresses that they cover.</summary>
/// <param name="Starts">The starts of pieces of the address space, sorted; each reaches to the next one.</param>
/// <param name="Units">
/// For each piece, the index of its unit in <see cref="Offsets"/>; -1 where there is no unit.
/// </param>
/// <param name="Offsets">The offset of each unit in <c>.debug_info</c>.</param>
internal sealed record UnitMap(ulong[] Starts, int[] Units, ulong[] Offsets)
{
    /// <summary>
    /// Returns the index in <see cref="Offsets"/> of the unit at a link-time address; -1 when there is none.
    /// </summary>
    public int Find(ulong linkAddress)
    {
        int piece = BinarySearch.FindLastNotAbove(Starts, linkAddress);
        return piece < 0 ? RangeFlattener.Nothing : Units[piece];
    }
}
