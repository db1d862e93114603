namespace Osprey.Binary.Dwarf;

/// <summary>The version and the sizes that decide how a unit's values are stored.</summary>
/// <param name="Version">Version of the format, 2 to 5.</param>
/// <param name="AddressSize">Size of an address in bytes.</param>
/// <param name="OffsetSize">Size of an offset into a section in bytes: 4, or 8 in the 64-bit format.</param>
public readonly record struct UnitEncoding(ushort Version, byte AddressSize, byte OffsetSize)
{
    /// <summary>The highest address; linkers store it for code that they removed.</summary>
    public ulong HighestAddress => AddressSize >= 8 ? ulong.MaxValue : (1UL << (8 * AddressSize)) - 1;
}
