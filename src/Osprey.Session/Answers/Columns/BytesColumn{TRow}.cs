namespace Osprey.Session.Answers.Columns;

/// <summary>A column of bytes; none count as no value.</summary>
internal sealed class BytesColumn<TRow>(string name, Func<TRow, ReadOnlySpan<byte>> get)
    : Column<TRow>(name, ColumnKind.Bytes)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer)
    {
        ReadOnlySpan<byte> bytes = get(row);
        if (bytes.IsEmpty)
            writer.Null(this);
        else
            writer.Bytes(this, bytes);
    }
}
