using Osprey.Session.Answers.Columns;

namespace Osprey.Session.Answers;

/// <summary>The columns of a kind of rows, in order: text, JSON and CSV are all made from it.</summary>
/// <remarks>
/// A shape is built once, by adding columns; <see cref="Optional"/> and the methods beside it change the last column.
/// It is kept in a static property of a class of its own or of the record that it describes, so that only the shapes
/// that a command needs are ever built. Columns call delegates with typed results: nothing is boxed, nothing is looked
/// up by reflection, and rows may be ref structs.
/// </remarks>
/// <typeparam name="TRow">The rows.</typeparam>
/// <param name="name">The name of a list of such rows in JSON, in camelCase.</param>
public sealed class Shape<TRow>(string name)
    where TRow : allows ref struct
{
    private readonly List<Column<TRow>> _columns = [];
    private Column<TRow>[]? _dataColumns;
    private Column<TRow>[]? _textColumns;

    /// <summary>The column that a list of such rows makes in the document around it.</summary>
    public Column Rows { get; } = new(name, ColumnKind.Records);

    /// <summary>All columns.</summary>
    public IReadOnlyList<Column<TRow>> Columns => _columns;

    /// <summary>Returns the columns that a form shows, in order.</summary>
    public ReadOnlySpan<Column<TRow>> ColumnsFor(ColumnUse use) =>
        (use & ColumnUse.Text) != 0
            ? _textColumns ??= [.. _columns.Where(column => (column.Use & ColumnUse.Text) != 0)]
            : _dataColumns ??= [.. _columns.Where(column => (column.Use & ColumnUse.Data) != 0)];

    /// <summary>Hands a row's values to a writer, those of the columns that it shows.</summary>
    public void WriteCells(in TRow row, CellWriter writer)
    {
        foreach (Column<TRow> column in ColumnsFor(writer.Use))
            column.Write(row, writer);
    }

    /// <summary>Hands a row to a writer as a record.</summary>
    public void WriteRecord(in TRow row, CellWriter writer, Column? column = null)
    {
        writer.BeginRecord(column);
        WriteCells(row, writer);
        writer.EndRecord();
    }

    /// <summary>Adds text.</summary>
    public Shape<TRow> Text(string column, Func<TRow, string?> get) => Add(new TextColumn<TRow>(column, get));

    /// <summary>Adds text that should be UTF-8, but need not be.</summary>
    public Shape<TRow> Utf8(string column, Func<TRow, ReadOnlySpan<byte>> get) =>
        Add(new Utf8Column<TRow>(column, get));

    /// <summary>Adds a whole number.</summary>
    public Shape<TRow> Integer(string column, Func<TRow, long?> get) =>
        Add(new IntegerColumn<TRow>(column, ColumnKind.Integer, get));

    /// <summary>Adds a whole number of 64 bits without sign.</summary>
    public Shape<TRow> Unsigned(string column, Func<TRow, ulong?> get) =>
        Add(new UnsignedColumn<TRow>(column, ColumnKind.Integer, get));

    /// <summary>Adds an address.</summary>
    public Shape<TRow> Address(string column, Func<TRow, ulong?> get) => Add(new AddressColumn<TRow>(column, get));

    /// <summary>Adds a size in bytes.</summary>
    public Shape<TRow> Size(string column, Func<TRow, ulong?> get) =>
        Add(new UnsignedColumn<TRow>(column, ColumnKind.Size, get));

    /// <summary>Adds a size in bytes.</summary>
    public Shape<TRow> Size(string column, Func<TRow, long?> get) =>
        Add(new IntegerColumn<TRow>(column, ColumnKind.Size, get));

    /// <summary>Adds a time in nanoseconds since the guest's boot.</summary>
    public Shape<TRow> Time(string column, Func<TRow, ulong?> get) =>
        Add(new UnsignedColumn<TRow>(column, ColumnKind.Time, get));

    /// <summary>Adds a length of time in nanoseconds.</summary>
    public Shape<TRow> Duration(string column, Func<TRow, ulong?> get) =>
        Add(new UnsignedColumn<TRow>(column, ColumnKind.Duration, get));

    /// <summary>Adds a length of time in nanoseconds.</summary>
    public Shape<TRow> Duration(string column, Func<TRow, long?> get) =>
        Add(new IntegerColumn<TRow>(column, ColumnKind.Duration, get));

    /// <summary>Adds a length of time in nanoseconds with a fraction.</summary>
    public Shape<TRow> FractionalDuration(string column, Func<TRow, double?> get) =>
        Add(new NumberColumn<TRow>(column, ColumnKind.Duration, get));

    /// <summary>Adds a number with a fraction.</summary>
    public Shape<TRow> Number(string column, Func<TRow, double?> get) =>
        Add(new NumberColumn<TRow>(column, ColumnKind.Number, get));

    /// <summary>Adds a share in percent.</summary>
    public Shape<TRow> Share(string column, Func<TRow, double?> get) =>
        Add(new NumberColumn<TRow>(column, ColumnKind.Share, get));

    /// <summary>Adds a number per second.</summary>
    public Shape<TRow> Rate(string column, Func<TRow, double?> get) =>
        Add(new NumberColumn<TRow>(column, ColumnKind.Rate, get));

    /// <summary>Adds true or false.</summary>
    public Shape<TRow> Boolean(string column, Func<TRow, bool?> get) => Add(new BooleanColumn<TRow>(column, get));

    /// <summary>Adds bytes; none count as no value.</summary>
    public Shape<TRow> Bytes(string column, Func<TRow, ReadOnlySpan<byte>> get) =>
        Add(new BytesColumn<TRow>(column, get));

    /// <summary>Adds a value of one of the guest's types.</summary>
    public Shape<TRow> Value(string column, Func<TRow, IStructuredValue?> get) =>
        Add(new ValueColumn<TRow>(column, get));

    /// <summary>Adds a list of texts.</summary>
    public Shape<TRow> Texts(string column, Func<TRow, IEnumerable<string>> get) =>
        Add(new TextsColumn<TRow>(column, get));

    /// <summary>Adds a list of values of any kinds, each written without a column.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="write">Writes the values of a row.</param>
    /// <param name="exists">Says whether a row has the list at all; null when each has.</param>
    public Shape<TRow> List(string column, Action<TRow, CellWriter> write, Func<TRow, bool>? exists = null) =>
        Add(new ListColumn<TRow>(column, ColumnKind.List, write, exists));

    /// <summary>Adds values by names that only the row knows, each written with a column made for it.</summary>
    public Shape<TRow> Map(string column, Action<TRow, CellWriter> write) =>
        Add(new ListColumn<TRow>(column, ColumnKind.Map, write, exists: null));

    /// <summary>Adds a record with columns of its own; null counts as no value.</summary>
    public Shape<TRow> Record<TItem>(string column, Func<TRow, TItem?> get, Shape<TItem> shape) =>
        Add(new RecordColumn<TRow, TItem>(column, get, shape));

    /// <summary>Adds any number of records, enumerated while they are written; null counts as no value.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="get">The records of a row.</param>
    /// <param name="shape">Their columns, asked for when needed: a tree's nodes may have the shape itself.</param>
    public Shape<TRow> Records<TItem>(string column, Func<TRow, IEnumerable<TItem>?> get, Func<Shape<TItem>> shape) =>
        Add(new RecordsColumn<TRow, TItem>(column, get, shape));

    /// <summary>Adds any number of records that are pushed, and so may be views of a buffer.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="push">Pushes a row's records.</param>
    /// <param name="shape">Their columns, asked for when first needed.</param>
    public Shape<TRow> Pushed<TItem>(string column, Action<TRow, RowSink<TItem>> push, Func<Shape<TItem>> shape)
        where TItem : allows ref struct => Add(new PushedColumn<TRow, TItem>(column, push, shape));

    /// <summary>Adds the columns of a part of the row, as if they were the row's own.</summary>
    public Shape<TRow> Include<TPart>(Func<TRow, TPart> get, Shape<TPart> shape)
        where TPart : allows ref struct
    {
        foreach (Column<TPart> column in shape.Columns)
            Add(new PartColumn<TRow, TPart>(get, column));

        return this;
    }

    /// <summary>Gives the last column another heading.</summary>
    public Shape<TRow> Headed(string heading)
    {
        _columns[^1].Heading = heading;
        return this;
    }

    /// <summary>Gives the last column a unit, which text shows behind the heading.</summary>
    public Shape<TRow> In(string unit)
    {
        _columns[^1].Unit = unit;
        return this;
    }

    /// <summary>Makes JSON leave out the last column where it has no value.</summary>
    public Shape<TRow> Optional()
    {
        _columns[^1].IsOptional = true;
        return this;
    }

    /// <summary>Gives the last column another text for no value.</summary>
    public Shape<TRow> WithBlank(string blank)
    {
        _columns[^1].Blank = blank;
        return this;
    }

    /// <summary>Shows the last column only in JSON and CSV.</summary>
    public Shape<TRow> OnlyInData()
    {
        _columns[^1].Use = ColumnUse.Data;
        return this;
    }

    /// <summary>Shows the last column only in text.</summary>
    public Shape<TRow> OnlyInText()
    {
        _columns[^1].Use = ColumnUse.Text;
        return this;
    }

    private Shape<TRow> Add(Column<TRow> column)
    {
        _columns.Add(column);
        return this;
    }
}
