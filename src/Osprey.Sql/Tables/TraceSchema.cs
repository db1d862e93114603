using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Sql.Tables;

/// <summary>The statements that create the tables and views of a trace.</summary>
internal static class TraceSchema
{
    /// <summary>The schema whose tables have the arguments, a table for each tracepoint.</summary>
    public const string Arguments = "arg";

    /// <summary>
    /// The tables. Times and durations are nanoseconds; stacks are numbers in the table of that name.
    /// </summary>
    public const string Tables = """
        CREATE TABLE samples (
            sample BIGINT, time BIGINT, cpu BIGINT, thread UBIGINT, thread_name VARCHAR, tracepoint VARCHAR,
            arguments VARCHAR, stack BIGINT);
        CREATE TABLE calls (
            call BIGINT, tracepoint VARCHAR, time BIGINT, duration BIGINT, cpu BIGINT, end_cpu BIGINT,
            thread UBIGINT, thread_name VARCHAR, arguments VARCHAR, result VARCHAR, is_error BOOLEAN,
            is_open BOOLEAN, stack BIGINT);
        CREATE TABLE wakeups (
            time BIGINT, cpu BIGINT, thread UBIGINT, thread_name VARCHAR, wakeup BIGINT, wait BIGINT);
        CREATE TABLE packets (
            sample BIGINT, time BIGINT, cpu BIGINT, thread UBIGINT, thread_name VARCHAR, tracepoint VARCHAR,
            direction VARCHAR, size BIGINT, packet VARCHAR, content BLOB);
        CREATE TABLE stacks (
            stack BIGINT, depth BIGINT, address UBIGINT, function VARCHAR, file VARCHAR, line BIGINT,
            is_inlined BOOLEAN);
        CREATE TABLE threads (thread UBIGINT, name VARCHAR, samples BIGINT, first BIGINT, last BIGINT);
        CREATE TABLE tracepoints (name VARCHAR, signature VARCHAR, format VARCHAR, samples BIGINT);
        CREATE SCHEMA arg;
        """;

    /// <summary>Composes the view of waits: the calls of the tracepoints that begin one.</summary>
    public static string Waits(TracepointTable tracepoints, TraceSemantics semantics)
    {
        string waits = Names(TracepointRole.Wait),
            locks = Names(TracepointRole.LockWait);
        return "CREATE VIEW waits AS SELECT call, CASE WHEN tracepoint IN ("
            + locks
            + ") THEN 'lock' ELSE 'wait' END AS kind, time, duration, cpu, end_cpu, thread, thread_name, is_open, "
            + "stack "
            + $"FROM calls WHERE tracepoint IN ({waits}, {locks});";

        string Names(TracepointRole role)
        {
            string[] names =
            [
                .. tracepoints
                    .All.Where(tracepoint => semantics.RoleOf(tracepoint) == role)
                    .Select(tracepoint => Literal(tracepoint.Name))
                    .Distinct(),
            ];
            return names.Length == 0 ? "NULL" : string.Join(", ", names);
        }
    }

    /// <summary>A name as SQL takes any.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text as SQL takes any.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The type of the column for an argument.</summary>
    public static string TypeOf(ArgumentType type) =>
        type switch
        {
            ArgumentType.SByte => "TINYINT",
            ArgumentType.Byte => "UTINYINT",
            ArgumentType.Int16 => "SMALLINT",
            ArgumentType.UInt16 => "USMALLINT",
            ArgumentType.Int32 => "INTEGER",
            ArgumentType.UInt32 => "UINTEGER",
            ArgumentType.Int64 => "BIGINT",
            ArgumentType.UInt64 or ArgumentType.Pointer => "UBIGINT",
            ArgumentType.Boolean => "BOOLEAN",
            ArgumentType.Single => "FLOAT",
            ArgumentType.Double => "DOUBLE",
            ArgumentType.Blob => "BLOB",
            _ => "VARCHAR",
        };
}
