namespace Osprey.Binary.Dwarf.Lists;

/// <summary>Addresses that a unit says to cover.</summary>
/// <param name="Low">The first address.</param>
/// <param name="High">The first address behind it.</param>
/// <param name="UnitOffset">Where the unit starts in <c>.debug_info</c>.</param>
public readonly record struct UnitAddressRange(ulong Low, ulong High, ulong UnitOffset);
