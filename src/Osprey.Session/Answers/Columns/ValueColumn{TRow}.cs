namespace Osprey.Session.Answers.Columns;

/// <summary>A column of values of the guest's types.</summary>
internal sealed class ValueColumn<TRow>(string name, Func<TRow, IStructuredValue?> get)
    : Column<TRow>(name, ColumnKind.Value)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        if (get(row) is IStructuredValue value)
            writer.Value(this, value);
        else
            writer.Null(this);
    }
}
