namespace Osprey.Session.Answers.Columns;

/// <summary>A column of whole numbers of 64 bits without sign.</summary>
internal sealed class UnsignedColumn<TRow>(string name, ColumnKind kind, Func<TRow, ulong?> get)
    : Column<TRow>(name, kind)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        if (get(row) is ulong value)
            writer.Unsigned(this, value);
        else
            writer.Null(this);
    }
}
