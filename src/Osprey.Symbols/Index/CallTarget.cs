using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Lists;

namespace Osprey.Symbols.Index;

/// <summary>A function that something calls: where it begins, or else what its symbol is called.</summary>
/// <param name="LinkAddress">
/// Link-time address of its first instruction; null when it is in another unit, or only its declaration is known.
/// </param>
/// <param name="Symbol">Its name in symbol tables, as stored; null when not known.</param>
internal readonly record struct CallTarget(ulong? LinkAddress, string? Symbol)
{
    /// <summary>Reads a function's entry.</summary>
    /// <exception cref="Osprey.Binary.BadDataException">It is malformed.</exception>
    public static CallTarget Read(CompilationUnit unit, ulong entryOffset)
    {
        DieCursor cursor = unit.OpenCursor(entryOffset);
        if (!cursor.MoveNext())
            return default;

        var addresses = new AddressAttributes();
        bool isExternal = false;
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            addresses.Take(name, value);
            isExternal |= name == DwarfAttribute.External && value.Bits != 0;
        }

        var ranges = new AddressRangeList();
        addresses.AddTo(ranges, unit);
        FunctionName found = FunctionName.Find(unit, entryOffset);

        // A plain name is also the symbol's in C, and of what C++ declares as external without a linkage name.
        bool isSymbol = found.IsLinkageName || isExternal || unit.IsC;
        return new CallTarget(ranges.Count > 0 ? ranges[0].Low : null, isSymbol ? found.Text : null);
    }
}
