namespace Osprey.Session.Answers.Columns;

/// <summary>A column of addresses.</summary>
internal sealed class AddressColumn<TRow>(string name, Func<TRow, ulong?> get) : Column<TRow>(name, ColumnKind.Address)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        if (get(row) is ulong value)
            writer.Address(this, value);
        else
            writer.Null(this);
    }
}
