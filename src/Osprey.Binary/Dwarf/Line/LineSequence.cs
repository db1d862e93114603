namespace Osprey.Binary.Dwarf.Line;

/// <summary>Rows of ascending addresses that cover one range without gaps.</summary>
/// <param name="High">The first address behind the range.</param>
/// <param name="Low">The first address.</param>
/// <param name="FirstRow">Index of its first row.</param>
/// <param name="RowCount">How many rows it has.</param>
internal readonly record struct LineSequence(ulong High, ulong Low, int FirstRow, int RowCount)
    : IComparable<LineSequence>
{
    public int CompareTo(LineSequence other)
    {
        int order = High.CompareTo(other.High);
        return order != 0 ? order : FirstRow.CompareTo(other.FirstRow);
    }
}
