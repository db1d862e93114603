using System.Globalization;
using System.Text.Json;
using Osprey.Tests.Packets;
using Osprey.Tests.Recordings;
using Osprey.Tests.Traces.Exports;

namespace Osprey.Tests.Cli.Trace.Sql;

/// <summary>Questions in SQL; what they answer of a real guest's recording must be what our own analyses say.</summary>
public sealed class QueryCommandTests
{
    [Theory]
    [InlineData("fs")]
    [InlineData("net")]
    [InlineData("alloc")]
    public void Counts_OfTracepoints_AreThoseOfTheSummary(string recording)
    {
        JsonElement summary = Json("summary", Checkout.Tracefile(recording));
        string expected = string.Join(
            '\n',
            summary
                .GetProperty("tracepoints")
                .EnumerateArray()
                .GroupBy(row => row.GetProperty("name").GetString())
                .Select(rows => $"{rows.Key} {rows.Sum(row => row.GetProperty("count").GetInt64())}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            expected,
            Rows(recording, "SELECT tracepoint || ' ' || count(*) FROM samples GROUP BY tracepoint")
        );
    }

    [Theory]
    [InlineData("fs")]
    [InlineData("net")]
    [InlineData("alloc")]
    public void Durations_OfCalls_AreThoseOfTheSummary(string recording)
    {
        JsonElement summary = Json("summary --timed", Checkout.Tracefile(recording));
        string expected = string.Join(
            '\n',
            summary
                .GetProperty("timed")
                .EnumerateArray()
                .Select(row =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.GetProperty("name")} {row.GetProperty("count")} {row.GetProperty("max").GetDouble():f0} "
                            + $"{row.GetProperty("total").GetDouble():f0}"
                    )
                )
                .Order(StringComparer.Ordinal)
        );
        const string Sql =
            "SELECT tracepoint || ' ' || count(*) || ' ' || max(duration) || ' ' || sum(duration) FROM calls "
            + "GROUP BY tracepoint";
        Assert.Equal(expected, Rows(recording, Sql));
    }

    [Fact]
    public void Waits_OfThreads_AreThoseOfTheProfile()
    {
        JsonElement profile = Json("prof-wait -S -g thread", Checkout.Tracefile("fs"));
        string expected = string.Join(
            '\n',
            profile
                .GetProperty("trees")
                .EnumerateArray()
                .Select(tree =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{tree.GetProperty("threadName")} "
                            + $"{tree.GetProperty("root").GetProperty("duration").GetDouble():f0}"
                    )
                )
                .Order(StringComparer.Ordinal)
        );
        const string Sql =
            "SELECT arg_max(thread_name, time) || ' ' || sum(duration) FROM waits "
            + "WHERE kind = 'wait' AND stack IS NOT NULL GROUP BY thread";
        Assert.Equal(expected, Rows("fs", Sql));
    }

    [Fact]
    public void Packets_AreThoseOfTheExport_AndTheMessageOfARoutingSocket() =>
        Assert.Equal("1111", Rows("net", "SELECT count(*) FROM packets WHERE packet <> ''"));

    [Fact]
    public void Arguments_HaveTheTypesAndNamesOfTheirFormat()
    {
        Assert.Equal(
            """{"rows":[{"column_name":"sample","column_type":"BIGINT"},"""
                + """{"column_name":"proto","column_type":"INTEGER"},{"column_name":"data","column_type":"BLOB"}]}"""
                + "\n",
            Query("net", "--json", "SELECT column_name, column_type FROM (DESCRIBE arg.net_packet_in)")
        );
        Assert.Equal(
            Rows("net", "SELECT count(*) FROM samples WHERE tracepoint = 'net_packet_in'"),
            Rows("net", "SELECT count(*) FROM arg.net_packet_in JOIN samples USING (sample)")
        );
    }

    [Fact]
    public void Rows_InEachForm()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string path = trace.Path;
        const string Sql =
            "SELECT call, tracepoint, time, duration, cpu, end_cpu, printf('0x%x', thread) AS thread, thread_name, "
            + "arguments, result, is_error, is_open, stack, duration / 1000 AS us FROM calls ORDER BY time";
        GoldenFile.Verify(
            string.Join(
                "\n",
                CommandRun.Of("trace", "query", "-S", Sql, path).Text,
                CommandRun.Of("trace", "query", "-S", "--csv", Sql, path).Text.ReplaceLineEndings("\n"),
                CommandRun.Of("trace", "query", "-S", "--json", Sql, path).Text,
                CommandRun.Of("trace", "query", "-S", "SELECT * FROM stacks ORDER BY ALL", path).Text,
                CommandRun.Of("trace", "query", "-S", "FROM arg.vfs_open;", path).Text,
                CommandRun.Of("trace", "query", "-S", "--json", "SELECT 'nan'::DOUBLE, NULL, [1, 2], true", path).Text
            )
        );
    }

    [Theory]
    [InlineData("SELEC", "osprey: Parser Error: syntax error at or near \"SELEC\"\n")]
    [InlineData("SELECT 1; SELECT 2", "osprey: these are 2 statements; give one at a time\n")]
    [InlineData("/* nothing */", "osprey: there is no statement\n")]
    public void Statements_ThatAreWrong_FailInOneLine(string sql, string message)
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        CommandRun run = CommandRun.Of("trace", "query", "-x", sql, trace.Path);
        Assert.Equal((1, "", message), (run.ExitCode, run.Text, run.Messages));
    }

    [Fact]
    public void Forms_GivenTwice_AreAUsageError()
    {
        CommandRun run = CommandRun.Of("trace", "query", "--json", "--csv", "SELECT 1");
        Assert.Equal((2, "osprey: choose one of --json, --csv and --parquet\n"), (run.ExitCode, run.Messages));
    }

    [Fact]
    public void Parquet_OfAQuestionAndOfATable_IsReadBack()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string path = trace.Path;
        string asked = Path.Combine(trace.Folder, "asked.parquet");
        string table = Path.Combine(trace.Folder, "table.parquet");
        CommandRun run = CommandRun.Of(
            "trace",
            "query",
            "-x",
            "--parquet",
            asked,
            "SELECT count(*) AS n FROM samples",
            path
        );
        Assert.Equal((0, ""), (run.ExitCode, run.Text));
        run = CommandRun.Of("trace", "export", "--to", "parquet", "--table", "threads", "-x", "-o", table, path);
        Assert.Equal((0, ""), (run.ExitCode, run.Text));

        Assert.Equal("n\n13\n", Ask($"FROM '{asked}'"));
        Assert.Equal("count_star()\n3\n", Ask($"SELECT count(*) FROM '{table}'"));
        Assert.Equal("PAR1"u8, File.ReadAllBytes(table).AsSpan(0, 4));

        string Ask(string sql) =>
            CommandRun.Of("trace", "query", "-x", "--csv", sql, path).Text.ReplaceLineEndings("\n");
    }

    [Fact]
    public void Database_OfATrace_HasItsTables()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string path = trace.Path;
        string database = Path.Combine(trace.Folder, "trace.duckdb");
        CommandRun run = CommandRun.Of("trace", "export", "--to", "duckdb", "-x", "-o", database, path);
        Assert.Equal((0, ""), (run.ExitCode, run.Text));
        Assert.Equal("DUCK"u8, File.ReadAllBytes(database).AsSpan(8, 4));
        Assert.Equal(3, Directory.GetFileSystemEntries(trace.Folder).Length);
    }

    private static JsonElement Json(string command, string path)
    {
        CommandRun run = CommandRun.Of(["trace", .. command.Split(' '), "--json", path]);
        using JsonDocument document = JsonDocument.Parse(run.Text);
        return document.RootElement.Clone();
    }

    private static string Query(string recording, string form, string sql)
    {
        CommandRun run = CommandRun.Of("trace", "query", "-S", form, sql, Checkout.Tracefile(recording));
        Assert.Equal(0, run.ExitCode);
        return run.Text;
    }

    /// <summary>The texts of the only column, sorted, one a line.</summary>
    private static string Rows(string recording, string sql)
    {
        string[] lines = Query(recording, "--csv", sql).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        return string.Join('\n', lines.Skip(1).Order(StringComparer.Ordinal));
    }
}
