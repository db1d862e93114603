using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Index;

// How an address becomes functions and lines. A question about one address must not read all of the debug info, which
// is hundreds of megabytes for a kernel; and the second question about the same unit should cost next to nothing. So
// there are three steps, each with an index of its own:
//
// 1. From the address to the unit: UnitMap, sorted pieces of the address space with a unit each. UnitMapBuilder makes
//    it from .debug_aranges, which lists the ranges of most units, and from the first entries of the units that are not
//    there (clang writes no .debug_aranges). IndexCache keeps it on disk.
// 2. From the address to the functions within the unit: FunctionScopes, sorted pieces again, each with the innermost
//    function or inlined call. FunctionScopesReader makes it in one pass over the unit's entries, when the first
//    address of the unit is asked for; types are left out until an address is in none of the functions. A scope knows
//    the one around it, which gives the chain of inlined calls.
// 3. From the address to the line: LineTable.
//
// Both kinds of pieces come from RangeFlattener. Ranges in debug info overlap, by nesting (an inlined call within its
// function) and by mistake (two units that claim the same code). It sweeps over all range ends in order with a heap of
// the open ranges, and writes a piece wherever the range of the highest priority changes. What is left is free of
// overlaps, so that every look-up is one binary search. For units the first one has priority; for scopes the most
// deeply nested one, then the last: the entry that old formats have for a part of a function that was moved away stands
// behind the calls inlined there, and covers them.
//
// Names are found last, and kept: a function's name can be at another entry, two or three references away
// (FunctionName), and most functions of a unit are never asked for. An address without any unit, as in code from
// assembly without debug info, is answered from SymbolTableIndex.

/// <summary>
/// Finds the unit of a debug file that covers an address. A unit is read once, when it is first asked for.
/// </summary>
/// <remarks>Not thread-safe; its owner locks.</remarks>
internal sealed class DebugIndex(DebugInfo info, UnitMap map, Action<string> report)
{
    private readonly UnitSymbols?[] _units = new UnitSymbols?[map.Offsets.Length];
    private readonly bool[] _isRead = new bool[map.Offsets.Length];

    /// <summary>Returns the unit at a link-time address; null when there is none, or it can't be read.</summary>
    public UnitSymbols? Find(ulong linkAddress)
    {
        int index = map.Find(linkAddress);
        if (index < 0 || _isRead[index])
            return index < 0 ? null : _units[index];

        _isRead[index] = true;
        try
        {
            if (info.OpenUnit(map.Offsets[index]) is { } unit)
                _units[index] = UnitSymbols.Read(unit, false, report);
        }
        catch (BadDataException e)
        {
            report(e.Message);
        }

        return _units[index];
    }
}
