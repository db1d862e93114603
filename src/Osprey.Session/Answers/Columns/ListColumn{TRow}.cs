namespace Osprey.Session.Answers.Columns;

/// <summary>A column of lists, or of values by name, that a delegate writes.</summary>
internal sealed class ListColumn<TRow>(
    string name,
    ColumnKind kind,
    Action<TRow, CellWriter> write,
    Func<TRow, bool>? exists
) : Column<TRow>(name, kind)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        if (exists?.Invoke(row) == false)
        {
            writer.Null(this);
            return;
        }

        if (Kind == ColumnKind.Map)
            writer.BeginRecord(this);
        else
            writer.BeginList(this);

        write(row, writer);
        if (Kind == ColumnKind.Map)
            writer.EndRecord();
        else
            writer.EndList();
    }
}
