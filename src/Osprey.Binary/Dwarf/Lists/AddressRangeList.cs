namespace Osprey.Binary.Dwarf.Lists;

/// <summary>The ranges of a function, a call or a unit, while they are read.</summary>
public sealed class AddressRangeList
{
    private ArrayBuilder<AddressRange> _ranges;

    /// <summary>How many there are.</summary>
    public int Count => _ranges.Count;

    /// <summary>The range at <paramref name="index"/>.</summary>
    public AddressRange this[int index] => _ranges[index];

    public void Add(AddressRange range) => _ranges.Add(range);

    public void Clear() => _ranges.Clear();

    public AddressRange[] ToArray() => _ranges.ToArray();
}
