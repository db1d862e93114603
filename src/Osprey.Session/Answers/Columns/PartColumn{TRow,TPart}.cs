namespace Osprey.Session.Answers.Columns;

/// <summary>A column of a part of the row.</summary>
/// <remarks>The part's column is what the writer is given: name, heading and use are its own.</remarks>
internal sealed class PartColumn<TRow, TPart> : Column<TRow>
    where TRow : allows ref struct
    where TPart : allows ref struct
{
    private readonly Func<TRow, TPart> _get;
    private readonly Column<TPart> _column;

    public PartColumn(Func<TRow, TPart> get, Column<TPart> column)
        : base(column.Name, column.Kind)
    {
        _get = get;
        _column = column;
        Heading = column.Heading;
        Unit = column.Unit;
        Use = column.Use;
        IsOptional = column.IsOptional;
        Blank = column.Blank;
    }

    public override IReadOnlyList<Column> Parts => _column.Parts;

    public override void Write(in TRow row, CellWriter writer) => _column.Write(_get(row), writer);
}
