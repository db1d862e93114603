namespace Osprey.Binary.Dwarf.Lists;

/// <summary>Receives an entry of a location list.</summary>
/// <param name="range">The link-time addresses that the entry is for; all addresses for the default entry.</param>
/// <param name="isDefault">True for the entry that counts where no other does (<c>DW_LLE_default_location</c>).</param>
/// <param name="expression">Offset of the expression in the section.</param>
/// <param name="size">Size of the expression in bytes.</param>
internal delegate void LocationRangeVisitor(AddressRange range, bool isDefault, int expression, int size);
