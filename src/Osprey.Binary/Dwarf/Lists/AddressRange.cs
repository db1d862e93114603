namespace Osprey.Binary.Dwarf.Lists;

/// <summary>A range of link-time addresses.</summary>
/// <param name="Low">The first address.</param>
/// <param name="High">The first address behind it.</param>
public readonly record struct AddressRange(ulong Low, ulong High)
{
    /// <summary>Whether no address is in it.</summary>
    public bool IsEmpty => Low >= High;

    /// <summary>Whether <paramref name="address"/> is in it.</summary>
    public bool Contains(ulong address) => address >= Low && address < High;
}
