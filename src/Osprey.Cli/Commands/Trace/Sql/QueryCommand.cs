using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Rendering.Answers;
using Osprey.Session.Traces;
using Osprey.Sql;

namespace Osprey.Cli.Commands.Trace.Sql;

/// <summary><c>osprey trace query</c>: a question in SQL about a trace.</summary>
internal static class QueryCommand
{
    private static readonly Argument<string> s_sql = new("sql")
    {
        Description =
            "One statement in DuckDB's SQL over the tables samples, calls, waits, wakeups, packets, stacks, "
            + "threads, tracepoints, and arg.NAME with the arguments of each tracepoint",
    };
    private static readonly Option<bool> s_csv = new("--csv")
    {
        Description = "Print comma-separated values instead of text",
    };
    private static readonly Option<string> s_parquet = new("--parquet")
    {
        Description = "Write the rows to this Parquet file instead",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "query",
            "Show what a trace answers to a question in SQL (needs DuckDB's library, libduckdb.so, beside the program)",
            "osprey trace query 'SELECT tracepoint, count(*) AS n FROM samples GROUP BY 1 ORDER BY n DESC'",
            "osprey trace query 'SELECT thread_name, sum(duration) AS ns FROM waits GROUP BY ALL ORDER BY 2 DESC'",
            "osprey trace query --json 'SELECT * FROM samples JOIN arg.vfs_open USING (sample) LIMIT 5' | jq .",
            "osprey trace query --parquet calls.parquet 'FROM calls' tracefile",
            "osprey trace query 'SHOW ALL TABLES' tracefile         # all tables with their columns"
        );
        command.Arguments.Add(s_sql);
        var source = new SourceOptions(command, hasPager: true);
        // The reference knows no SQL
        command.Options.Remove(command.Options.Single(option => option.Name == "--compat"));
        command.Options.Add(s_csv);
        command.Options.Add(s_parquet);
        var options = new TraceCommandOptions(source)
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command),
            Symbols = new SymbolOptions(command),
        };
        command.SetAction(result =>
        {
            AnswerFormat format = ReadFormat(result, source);
            string sql = result.GetValue(s_sql)!;
            return TraceInvocation.Run(
                result,
                options,
                invocation => SqlRun.Guard(() => Query(invocation, sql, result.GetValue(s_parquet), format))
            );
        });
        return command;
    }

    private static AnswerFormat ReadFormat(ParseResult result, SourceOptions source)
    {
        bool isJson = source.IsJson(result);
        bool isCsv = result.GetValue(s_csv);
        bool isParquet = result.GetValue(s_parquet) is not null;
        if ((isJson ? 1 : 0) + (isCsv ? 1 : 0) + (isParquet ? 1 : 0) > 1)
            throw new UsageException("choose one of --json, --csv and --parquet");

        return isJson ? AnswerFormat.Json
            : isCsv ? AnswerFormat.Csv
            : AnswerFormat.Text;
    }

    private static void Query(TraceInvocation invocation, string sql, string? parquet, AnswerFormat format)
    {
        using ReplacedFile? file = parquet is null
            ? null
            : ReplacedFile.Create(parquet, SqlRun.Inputs(invocation.Session.Path));
        using SqlDatabase database = SqlDatabase.Open();
        SqlRun.Load(invocation, database);
        if (file is not null)
        {
            SqlRun.CopyToParquet(database, sql, file.Folder, file.Stream);
            file.Finish();
            return;
        }

        using SqlResult answer = database.Ask(sql);
        if (answer.Columns.Count > 0)
            ListingWriter.Write(invocation.Output, format, SqlRowShape.Of(answer.Columns), answer.ReadRows());
    }
}
