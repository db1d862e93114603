using Osprey.Sql.Native;

namespace Osprey.Sql;

/// <summary>
/// A database of DuckDB, in memory or in a file, to which a trace is loaded and which answers questions.
/// </summary>
/// <remarks>
/// Nothing is fetched from anywhere: DuckDB may neither download extensions nor load them by itself. Statements can
/// read and write files, as the user who runs the program can.
/// </remarks>
public sealed class SqlDatabase : IDisposable
{
    private const int SelectStatement = 1;
    private const int BooleanType = 1;
    private const int LastSignedType = 5;
    private const int LastUnsignedType = 9;
    private const int FloatType = 10;
    private const int DoubleType = 11;

    private nint _database;
    private nint _connection;

    private SqlDatabase(nint database, nint connection) => (_database, _connection) = (database, connection);

    internal nint Connection => _connection;

    /// <summary>Opens a database.</summary>
    /// <param name="path">The file to create; null for one in memory.</param>
    /// <exception cref="SqlException">DuckDB's library is missing, or it can't open the file.</exception>
    public static SqlDatabase Open(string? path = null)
    {
        DuckDbLibrary.Require();
        Check(DuckDbCalls.CreateConfig(out nint config), "DuckDB can't be configured");
        try
        {
            Check(DuckDbCalls.SetConfig(config, "autoinstall_known_extensions", "false"), "DuckDB refuses a setting");
            Check(DuckDbCalls.SetConfig(config, "autoload_known_extensions", "false"), "DuckDB refuses a setting");
            if (DuckDbCalls.Open(path, out nint database, config, out nint error) != 0)
            {
                string? message = DuckDbCalls.TextAt(error);
                DuckDbCalls.Free(error);
                throw new SqlException($"DuckDB can't open {path ?? "a database in memory"}: {message}");
            }

            if (DuckDbCalls.Connect(database, out nint connection) == 0)
                return new SqlDatabase(database, connection);

            DuckDbCalls.Close(ref database);
            throw new SqlException("DuckDB refuses a connection");
        }
        finally
        {
            DuckDbCalls.DestroyConfig(ref config);
        }
    }

    /// <summary>Runs statements whose answers nobody wants.</summary>
    /// <exception cref="SqlException">DuckDB refuses one.</exception>
    public void Execute(string statements)
    {
        DuckDbResult result = Query(statements);
        DuckDbCalls.DestroyResult(ref result);
    }

    /// <summary>Asks a question.</summary>
    /// <param name="statement">One statement.</param>
    /// <exception cref="SqlException">It is not one statement, or DuckDB refuses it.</exception>
    public SqlResult Ask(string statement)
    {
        ulong count = DuckDbCalls.ExtractStatements(_connection, statement, out nint statements);
        nint prepared = 0;
        try
        {
            if (count != 1)
            {
                string? error = DuckDbCalls.TextAt(DuckDbCalls.ExtractStatementsError(statements));
                throw !string.IsNullOrEmpty(error) ? SqlException.Of(error)
                : count == 0 ? new SqlException("there is no statement")
                : new SqlException($"these are {count} statements; give one at a time");
            }

            if (DuckDbCalls.PrepareExtracted(_connection, statements, 0, out prepared) != 0)
                throw SqlException.Of(DuckDbCalls.TextAt(DuckDbCalls.PrepareError(prepared)));

            return DuckDbCalls.StatementType(prepared) == SelectStatement ? AskForTexts(statement) : Run(prepared);
        }
        finally
        {
            if (prepared != 0)
                DuckDbCalls.DestroyPrepare(ref prepared);

            DuckDbCalls.DestroyExtracted(ref statements);
        }
    }

    /// <summary>Ends the statement that runs on another thread.</summary>
    public void Interrupt() => DuckDbCalls.Interrupt(_connection);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_database == 0)
            return;

        DuckDbCalls.Disconnect(ref _connection);
        DuckDbCalls.Close(ref _database);
    }

    internal static void Check(int state, string problem)
    {
        if (state != 0)
            throw new SqlException(problem);
    }

    /// <summary>
    /// Asks the columns' types first, without running the question, and then for all values as texts: DuckDB knows how
    /// to write each of its types.
    /// </summary>
    private SqlResult AskForTexts(string select)
    {
        string inner = select.TrimEnd().TrimEnd(';');
        DuckDbResult types = Query($"FROM (\n{inner}\n) LIMIT 0");
        SqlColumn[] columns;
        try
        {
            columns = ColumnsOf(ref types);
        }
        finally
        {
            DuckDbCalls.DestroyResult(ref types);
        }

        return new SqlResult(Query($"SELECT COLUMNS(*)::VARCHAR FROM (\n{inner}\n)"), columns);
    }

    /// <summary>
    /// Runs a statement that is no question: it may answer with texts, such as a plan, or with a number.
    /// </summary>
    private static SqlResult Run(nint prepared)
    {
        if (DuckDbCalls.ExecutePrepared(prepared, out DuckDbResult result) != 0)
            throw FailureOf(ref result);

        SqlColumn[] columns = ColumnsOf(ref result);
        const int Varchar = 17;
        bool isText = Enumerable
            .Range(0, columns.Length)
            .All(i => DuckDbCalls.ColumnType(ref result, (ulong)i) == Varchar);
        return isText ? new SqlResult(result, columns) : new SqlResult(result, []);
    }

    private static SqlColumn[] ColumnsOf(ref DuckDbResult result)
    {
        var columns = new SqlColumn[checked((int)DuckDbCalls.ColumnCount(ref result))];
        for (int i = 0; i < columns.Length; i++)
        {
            string name = DuckDbCalls.TextAt(DuckDbCalls.ColumnName(ref result, (ulong)i)) ?? "";
            columns[i] = new SqlColumn(name, KindOf(DuckDbCalls.ColumnType(ref result, (ulong)i)));
        }

        return columns;
    }

    private static SqlColumnKind KindOf(int type) =>
        type switch
        {
            BooleanType => SqlColumnKind.Boolean,
            > BooleanType and <= LastSignedType => SqlColumnKind.Integer,
            > LastSignedType and <= LastUnsignedType => SqlColumnKind.Unsigned,
            FloatType or DoubleType => SqlColumnKind.Number,
            _ => SqlColumnKind.Text,
        };

    private DuckDbResult Query(string query) =>
        DuckDbCalls.Query(_connection, query, out DuckDbResult result) == 0 ? result : throw FailureOf(ref result);

    private static SqlException FailureOf(ref DuckDbResult result)
    {
        SqlException failure = SqlException.Of(DuckDbCalls.TextAt(DuckDbCalls.ResultError(ref result)));
        DuckDbCalls.DestroyResult(ref result);
        return failure;
    }
}
