using Osprey.Binary;
using Osprey.Binary.Dwarf.Lists;

namespace Osprey.Symbols.Index;

/// <summary>
/// A unit's functions and the calls inlined into them, by address. Both are called scopes. A scope has the index of the
/// scope around it, which is always lower than its own.
/// </summary>
/// <param name="starts">The starts of pieces of the address space, sorted; each reaches to the next one.</param>
/// <param name="scopes">The innermost scope of each piece, as an index; -1 where there is none.</param>
/// <param name="table">The scopes.</param>
internal sealed class FunctionScopes(ulong[] starts, int[] scopes, FunctionScope[] table)
{
    /// <summary>The index that means: no scope.</summary>
    public const int None = -1;

    /// <summary>The scopes of a unit without functions.</summary>
    public static FunctionScopes Empty { get; } = new([], [], []);

    /// <summary>The number of scopes.</summary>
    public int Count => table.Length;

    /// <summary>The scope of an index.</summary>
    public ref readonly FunctionScope this[int scope] => ref table[scope];

    /// <summary>Returns the index of the innermost scope at a link-time address, or <see cref="None"/>.</summary>
    public int Find(ulong linkAddress)
    {
        int piece = BinarySearch.FindLastNotAbove(starts, linkAddress);
        return piece < 0 ? None : scopes[piece];
    }

    /// <summary>
    /// Finds the lowest address of each scope, those within it included; <see cref="ulong.MaxValue"/> for one without
    /// code.
    /// </summary>
    public ulong[] FindStarts()
    {
        ulong[] lowest = new ulong[table.Length];
        Array.Fill(lowest, ulong.MaxValue);
        for (int i = 0; i < starts.Length; i++)
        {
            for (int scope = scopes[i]; scope >= 0 && starts[i] < lowest[scope]; scope = table[scope].Parent)
                lowest[scope] = starts[i];
        }

        return lowest;
    }

    /// <summary>Adds the ranges of addresses that any scope covers.</summary>
    public void AddRanges(AddressRangeList ranges)
    {
        for (int i = 0; i + 1 < starts.Length; i++)
        {
            if (scopes[i] != RangeFlattener.Nothing)
                ranges.Add(new AddressRange(starts[i], starts[i + 1]));
        }
    }
}
