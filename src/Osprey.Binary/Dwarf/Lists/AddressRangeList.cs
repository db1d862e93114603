namespace Osprey.Binary.Dwarf.Lists;

/// <summary>The ranges of a function, an inlined call or a unit, while they are read.</summary>
internal sealed class AddressRangeList
{
    private ArrayBuilder<AddressRange> _ranges;

    /// <summary>The number of ranges.</summary>
    public int Count => _ranges.Count;

    /// <summary>The range at <paramref name="index"/>.</summary>
    public AddressRange this[int index] => _ranges[index];

    /// <summary>Adds a range at the end.</summary>
    public void Add(AddressRange range) => _ranges.Add(range);

    /// <summary>Removes all ranges.</summary>
    public void Clear() => _ranges.Clear();

    /// <summary>Copies the ranges to an array.</summary>
    public AddressRange[] ToArray() => _ranges.ToArray();
}
