using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Lists;

namespace Osprey.Symbols.Index;

/// <summary>
/// Builds the map of units: from <c>.debug_aranges</c>, and for units that are not listed there (clang lists none) from
/// their first entry. Only a unit with neither is read in full.
/// </summary>
internal sealed class UnitMapBuilder(DebugInfo info, Action<string> report)
{
    private readonly RangeFlattener _pieces = new();
    private readonly List<ulong> _offsets = [];
    private readonly Dictionary<ulong, int> _indexes = [];

    /// <summary>Builds the map. Errors are reported; the units that they affect are left out.</summary>
    public UnitMap Build()
    {
        var ranges = new List<UnitAddressRange>();
        var listed = new List<ulong>();
        try
        {
            AddressRangeTable.Read(info.Sections.AddressRanges.Span, info.Sections.IsBigEndian, ranges, listed);
        }
        catch (BadDataException e)
        {
            report(e.Message);
        }

        foreach (UnitAddressRange range in ranges)
        {
            ulong low = unchecked(range.Low + info.Sections.AddressShift);
            ulong high = unchecked(range.High + info.Sections.AddressShift);
            if (low < high && info.Sections.Code.Contains(low))
                Add(low, high, range.UnitOffset);
        }

        var known = new HashSet<ulong>(listed);
        var own = new AddressRangeList();
        foreach (CompilationUnit unit in info.Units)
        {
            if (known.Contains(unit.Offset) || unit.Type is UnitType.Type or UnitType.SplitType)
                continue;

            own.Clear();
            try
            {
                AddOwnRanges(unit, own);
            }
            catch (BadDataException e)
            {
                report(e.Message);
            }

            for (int i = 0; i < own.Count; i++)
                Add(own[i].Low, own[i].High, unit.Offset);
        }

        foreach (BadDataException problem in info.Problems)
            report(problem.Message);

        (ulong[] starts, int[] units) = _pieces.Flatten();
        return new UnitMap(starts, units, [.. _offsets]);
    }

    private static void AddOwnRanges(CompilationUnit unit, AddressRangeList ranges)
    {
        DieCursor cursor = unit.OpenCursor();
        if (!cursor.MoveNext() || cursor.Tag is not (DwarfTag.CompileUnit or DwarfTag.SkeletonUnit))
            return;

        var addresses = new AddressAttributes();
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
            addresses.Take(name, value);

        addresses.AddTo(ranges, unit);
        if (!addresses.IsGiven && cursor.HasChildren)
            FunctionScopesReader.Read(unit, true, out _).AddRanges(ranges);
    }

    private void Add(ulong low, ulong high, ulong unitOffset)
    {
        if (!_indexes.TryGetValue(unitOffset, out int index))
        {
            index = _offsets.Count;
            _offsets.Add(unitOffset);
            _indexes.Add(unitOffset, index);
        }

        _pieces.Add(low, high, priority: -index, value: index);
    }
}
