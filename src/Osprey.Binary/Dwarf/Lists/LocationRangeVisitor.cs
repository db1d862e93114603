namespace Osprey.Binary.Dwarf.Lists;

/// <summary>Receives the entries of a location list.</summary>
/// <param name="range">Link-time addresses; all of them for the entry that counts where no other does.</param>
/// <param name="isDefault">Whether it is that entry (<c>DW_LLE_default_location</c>).</param>
/// <param name="expression">Where the expression starts in the section.</param>
/// <param name="size">Bytes of the expression.</param>
public delegate void LocationRangeVisitor(AddressRange range, bool isDefault, int expression, int size);
