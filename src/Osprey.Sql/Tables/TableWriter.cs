using System.Text;
using System.Text.Unicode;
using Osprey.Sql.Native;

namespace Osprey.Sql.Tables;

/// <summary>Appends rows to a table, value by value, in the order of its columns.</summary>
internal sealed class TableWriter : IDisposable
{
    private readonly string _table;
    private nint _appender;

    /// <param name="database">The database.</param>
    /// <param name="schema">The table's schema; null for the usual one.</param>
    /// <param name="table">The table, which exists.</param>
    public TableWriter(SqlDatabase database, string? schema, string table)
    {
        _table = table;
        if (DuckDbCalls.CreateAppender(database.Connection, schema ?? "main", table, out _appender) != 0)
            throw Failure();
    }

    public TableWriter Add(ulong value) => Check(DuckDbCalls.AppendUInt64(_appender, value));

    public TableWriter Add(long value) => Check(DuckDbCalls.AppendInt64(_appender, value));

    public TableWriter Add(double value) => Check(DuckDbCalls.AppendDouble(_appender, value));

    public TableWriter Add(bool value) => Check(DuckDbCalls.AppendBoolean(_appender, value ? (byte)1 : (byte)0));

    public TableWriter AddNull() => Check(DuckDbCalls.AppendNull(_appender));

    /// <summary>Adds a text; null becomes NULL.</summary>
    public TableWriter Add(string? text) => text is null ? AddNull() : AddText(Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a text; bytes that are not UTF-8 become U+FFFD.</summary>
    public unsafe TableWriter AddText(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
            return Add(Encoding.UTF8.GetString(text));

        fixed (byte* start = text)
            return Check(DuckDbCalls.AppendText(_appender, start, (ulong)text.Length));
    }

    /// <summary>Adds bytes.</summary>
    public unsafe TableWriter AddBytes(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Check(DuckDbCalls.AppendBlob(_appender, start, (ulong)bytes.Length));
    }

    /// <summary>Ends the row.</summary>
    public void EndRow() => Check(DuckDbCalls.EndRow(_appender));

    /// <summary>Hands over the rows that are left.</summary>
    public void Complete() => Check(DuckDbCalls.CloseAppender(_appender));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_appender != 0)
            DuckDbCalls.DestroyAppender(ref _appender);
    }

    private TableWriter Check(int state) => state == 0 ? this : throw Failure();

    private SqlException Failure() =>
        new($"table {_table}: {DuckDbCalls.TextAt(DuckDbCalls.AppenderError(_appender)) ?? "DuckDB refuses a row"}");
}
