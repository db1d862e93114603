namespace Osprey.Binary.Dwarf.Lists;

/// <summary>A range of link-time addresses.</summary>
/// <param name="Low">The first address.</param>
/// <param name="High">The first address behind it.</param>
internal readonly record struct AddressRange(ulong Low, ulong High)
{
    /// <summary>True when the range holds no address.</summary>
    public bool IsEmpty => Low >= High;

    /// <summary>True when <paramref name="address"/> is in the range.</summary>
    public bool Contains(ulong address) => address >= Low && address < High;
}
