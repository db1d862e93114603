using Osprey.Session.Traces;
using Osprey.Sql;

namespace Osprey.Cli.Commands.Trace.Sql;

/// <summary>The steps that commands with a database have in common.</summary>
internal static class SqlRun
{
    /// <summary>Runs a body whose failures are the user's to mend: they become the command's message.</summary>
    public static void Guard(Action body)
    {
        try
        {
            body();
        }
        catch (SqlException exception)
        {
            throw new CommandFailedException(exception.Message);
        }
    }

    /// <summary>Loads the trace.</summary>
    /// <returns>The number of samples.</returns>
    public static long Load(TraceInvocation invocation, SqlDatabase database)
    {
        using var tables = new TraceTables(invocation.Scope, invocation.CreateStackSymbols(), database);
        invocation.Analyse(tables);
        return tables.Count;
    }

    /// <summary>The files that must not be replaced: the trace and what names its addresses.</summary>
    public static string[] Inputs(string path) => path == TraceSession.StandardInput ? [] : [path, path + ".symbols"];

    /// <summary>Writes the rows that answer a statement as a Parquet file.</summary>
    /// <param name="database">The database.</param>
    /// <param name="sql">The question.</param>
    /// <param name="folder">A folder for a temporary file.</param>
    /// <param name="output">Gets the file.</param>
    public static void CopyToParquet(SqlDatabase database, string sql, string folder, Stream output)
    {
        string path = NewPath(folder);
        try
        {
            string place = path.Replace("'", "''", StringComparison.Ordinal);
            string question = sql.TrimEnd().TrimEnd(';');
            database.Execute($"COPY (\n{question}\n) TO '{place}' (FORMAT parquet, COMPRESSION zstd)");
            using FileStream file = File.OpenRead(path);
            file.CopyTo(output);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Makes a database file of a trace.</summary>
    /// <param name="invocation">The trace.</param>
    /// <param name="folder">A folder for a temporary file.</param>
    /// <param name="output">Gets the file.</param>
    /// <returns>The number of samples.</returns>
    public static long WriteDatabase(TraceInvocation invocation, string folder, Stream output)
    {
        string path = NewPath(folder);
        try
        {
            long count;
            using (SqlDatabase database = SqlDatabase.Open(path))
            {
                count = Load(invocation, database);
                database.Execute("CHECKPOINT");
            }

            using FileStream file = File.OpenRead(path);
            file.CopyTo(output);
            return count;
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".wal");
        }
    }

    private static string NewPath(string folder) => Path.Combine(folder, $".osprey-export-{Guid.NewGuid():N}");
}
