namespace Osprey.Binary.Dwarf;

/// <summary>What the sizes of a unit's values depend on.</summary>
/// <param name="Version">Version of the format, 2 to 5.</param>
/// <param name="AddressSize">Bytes of an address.</param>
/// <param name="OffsetSize">Bytes of an offset into a section: 4, or 8 in the 64-bit format.</param>
public readonly record struct UnitEncoding(ushort Version, byte AddressSize, byte OffsetSize)
{
    /// <summary>The highest address, which linkers put where code was removed.</summary>
    public ulong HighestAddress => AddressSize >= 8 ? ulong.MaxValue : (1UL << (8 * AddressSize)) - 1;
}
