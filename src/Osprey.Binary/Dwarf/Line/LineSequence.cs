namespace Osprey.Binary.Dwarf.Line;

/// <summary>A sequence of rows with ascending addresses that covers one range without gaps.</summary>
/// <param name="High">The first address behind the range.</param>
/// <param name="Low">The first address.</param>
/// <param name="FirstRow">Index of the first row.</param>
/// <param name="RowCount">Number of rows.</param>
internal readonly record struct LineSequence(ulong High, ulong Low, int FirstRow, int RowCount)
    : IComparable<LineSequence>
{
    public int CompareTo(LineSequence other)
    {
        int order = High.CompareTo(other.High);
        return order != 0 ? order : FirstRow.CompareTo(other.FirstRow);
    }
}
