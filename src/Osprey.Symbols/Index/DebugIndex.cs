using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Index;

/// <summary>
/// The way from an address to the unit of a debug file that knows it. Units are read when first asked for, once.
/// </summary>
/// <remarks>Not thread-safe; its owner locks.</remarks>
internal sealed class DebugIndex(DebugInfo info, UnitMap map, Action<string> report)
{
    private readonly UnitSymbols?[] _units = new UnitSymbols?[map.Offsets.Length];
    private readonly bool[] _isRead = new bool[map.Offsets.Length];

    /// <summary>The unit at a link-time address, or null.</summary>
    public UnitSymbols? Find(ulong linkAddress)
    {
        int index = map.Find(linkAddress);
        if (index < 0 || _isRead[index])
            return index < 0 ? null : _units[index];

        _isRead[index] = true;
        try
        {
            if (info.OpenUnit(map.Offsets[index]) is { } unit)
                _units[index] = UnitSymbols.Read(unit, report);
        }
        catch (BadDataException e)
        {
            report(e.Message);
        }

        return _units[index];
    }
}
