namespace Osprey.Binary.Dwarf.Split;

/// <summary>
/// The places in a package's sections that a unit's offsets count from; all 0 for a unit that is not in a package.
/// </summary>
/// <param name="Id">The unit's number: that of its skeleton, or the signature of its type.</param>
/// <param name="Unit">Offset of the unit in <c>.debug_info.dwo</c>, or in <c>.debug_types.dwo</c>.</param>
/// <param name="Abbreviations">Offset of its abbreviations.</param>
/// <param name="Line">Offset of its line table.</param>
/// <param name="Locations">Offset of its location lists.</param>
/// <param name="StringOffsets">Offset of its table of strings.</param>
/// <param name="RangeLists">Offset of its range lists.</param>
internal readonly record struct UnitContribution(
    ulong Id,
    ulong Unit,
    ulong Abbreviations,
    ulong Line,
    ulong Locations,
    ulong StringOffsets,
    ulong RangeLists
);
