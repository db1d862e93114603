namespace Osprey.Session.Answers.Columns;

/// <summary>A column of numbers with a fraction.</summary>
internal sealed class NumberColumn<TRow>(string name, ColumnKind kind, Func<TRow, double?> get)
    : Column<TRow>(name, kind)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        if (get(row) is double value)
            writer.Number(this, value);
        else
            writer.Null(this);
    }
}
