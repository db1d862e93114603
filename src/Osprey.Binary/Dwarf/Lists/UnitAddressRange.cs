namespace Osprey.Binary.Dwarf.Lists;

/// <summary>A range of addresses that a unit declares to cover.</summary>
/// <param name="Low">The first address.</param>
/// <param name="High">The first address behind it.</param>
/// <param name="UnitOffset">Offset of the unit in <c>.debug_info</c>.</param>
internal readonly record struct UnitAddressRange(ulong Low, ulong High, ulong UnitOffset);
