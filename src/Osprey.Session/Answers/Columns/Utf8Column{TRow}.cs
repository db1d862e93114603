namespace Osprey.Session.Answers.Columns;

/// <summary>A column of text that should be UTF-8, but need not be.</summary>
internal sealed class Utf8Column<TRow>(string name, Func<TRow, ReadOnlySpan<byte>> get)
    : Column<TRow>(name, ColumnKind.Text)
    where TRow : allows ref struct
{
    public override void Write(in TRow row, CellWriter writer) => writer.Text(this, get(row));
}
