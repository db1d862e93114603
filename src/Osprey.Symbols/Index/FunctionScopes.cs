using Osprey.Binary;
using Osprey.Binary.Dwarf.Lists;

namespace Osprey.Symbols.Index;

/// <summary>
/// A unit's functions and the calls inlined into them, as arrays. A scope is one of the two; it knows the scope
/// around it, whose number is always lower.
/// </summary>
internal sealed class FunctionScopes(ulong[] starts, int[] scopes, FunctionScope[] table)
{
    /// <summary>What a scope has as its parent when there is none.</summary>
    public const int None = -1;

    public static FunctionScopes Empty { get; } = new([], [], []);

    public int Count => table.Length;

    public ref readonly FunctionScope this[int scope] => ref table[scope];

    /// <summary>The innermost scope at a link-time address, or <see cref="None"/>.</summary>
    public int Find(ulong linkAddress)
    {
        int piece = BinarySearch.FindLastNotAbove(starts, linkAddress);
        return piece < 0 ? None : scopes[piece];
    }

    /// <summary>Adds the addresses that any scope covers.</summary>
    public void AddRanges(AddressRangeList ranges)
    {
        for (int i = 0; i + 1 < starts.Length; i++)
        {
            if (scopes[i] != RangeFlattener.Nothing)
                ranges.Add(new AddressRange(starts[i], starts[i + 1]));
        }
    }
}
