using System.Globalization;
using System.Text;
using Osprey.Session.Answers;

namespace Osprey.Cli.Rendering.Answers;

/// <summary>Brings the rows of an answer into cells of text, as tables and CSV have them.</summary>
/// <remarks>
/// The columns of a record within the row become columns of the table; of a list of records, the cell says how many
/// there are; other lists, and values by name, are joined in one cell.
/// </remarks>
internal abstract class FlatCellWriter : CellWriter
{
    private readonly StringBuilder _joined = new();
    private readonly Stack<bool> _records = new(); // whether each open record is part of the row
    private Column? _column; // of the cell that is being joined
    private int _depth; // of lists and maps around the next value
    private int _count; // of the outermost one's elements

    /// <summary>Text between the elements of a list.</summary>
    protected abstract string Separator { get; }

    /// <summary>Takes the next cell of the row.</summary>
    protected abstract void AddCell(Column column, string text);

    /// <summary>Returns the text for no value.</summary>
    protected abstract string FormatNull(Column column);

    /// <summary>Returns the text of a whole number.</summary>
    protected virtual string Format(Column column, ulong value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the text of a number.</summary>
    protected virtual string Format(Column column, double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Returns the text of true or false.</summary>
    protected abstract string Format(bool value);

    public override void Null(Column? column)
    {
        if (_depth > 0)
            Join(column, "");
        else
            AddBlanks(column!);
    }

    public override void Text(Column? column, ReadOnlySpan<char> text) => Add(column, text.ToString());

    public override void Text(Column? column, ReadOnlySpan<byte> text) => Add(column, Encoding.UTF8.GetString(text));

    public override void Integer(Column? column, long value) =>
        Add(
            column,
            _depth > 0 || value < 0
                ? value.ToString(CultureInfo.InvariantCulture)
                : Format(column!, unchecked((ulong)value))
        );

    public override void Unsigned(Column? column, ulong value) =>
        Add(column, _depth > 0 ? value.ToString(CultureInfo.InvariantCulture) : Format(column!, value));

    public override void Address(Column? column, ulong value) =>
        Add(column, string.Create(CultureInfo.InvariantCulture, $"0x{value:x}"));

    public override void Number(Column? column, double value)
    {
        if (!double.IsFinite(value))
            Null(column);
        else
            Add(column, _depth > 0 ? value.ToString("R", CultureInfo.InvariantCulture) : Format(column!, value));
    }

    public override void Boolean(Column? column, bool value) => Add(column, Format(value));

    public override void Bytes(Column? column, ReadOnlySpan<byte> value) =>
        Add(column, Convert.ToHexStringLower(value));

    public override void Value(Column? column, IStructuredValue value) => Add(column, value.ToText());

    public override void BeginRecord(Column? column)
    {
        bool isPart = _depth == 0 && column is null or { Kind: ColumnKind.Record };
        _records.Push(isPart);
        if (!isPart)
            Open(column);
    }

    public override void EndRecord()
    {
        if (!_records.Pop())
            Close();
    }

    public override void BeginList(Column? column) => Open(column);

    public override void EndList() => Close();

    private void Open(Column? column)
    {
        if (_depth == 0)
        {
            _column = column!;
            _joined.Clear();
            _count = 0;
        }
        else if (_depth == 1)
        {
            _count++;
        }

        _depth++;
    }

    private void Close()
    {
        if (--_depth > 0)
            return;

        if (_column!.Kind == ColumnKind.Records)
            AddCell(_column, $"{_count}");
        else
            AddCell(_column, _count == 0 ? FormatNull(_column) : _joined.ToString());
    }

    private void Add(Column? column, string text)
    {
        if (_depth > 0)
            Join(column, text);
        else
            AddCell(column!, text);
    }

    private void Join(Column? column, string text)
    {
        if (_depth > 1)
            return;

        if (_count++ > 0)
            _joined.Append(Separator);

        if (column is not null)
            _joined.Append(column.Name).Append('=');

        _joined.Append(text);
    }

    private void AddBlanks(Column column)
    {
        if (column.Kind != ColumnKind.Record)
        {
            AddCell(column, FormatNull(column));
            return;
        }

        foreach (Column part in column.Parts)
        {
            if ((part.Use & Use) != 0)
                AddBlanks(part);
        }
    }
}
