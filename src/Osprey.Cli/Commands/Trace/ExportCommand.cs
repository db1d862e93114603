using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.Commands.Trace.Options;
using Osprey.Cli.Commands.Trace.Sql;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Export;
using Osprey.Sql;
using Osprey.Traces.Exports;
using Osprey.Traces.Exports.Profiles;
using Osprey.Traces.Semantics;

namespace Osprey.Cli.Commands.Trace;

/// <summary><c>osprey trace export</c>: a trace in the forms of other tools.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "export",
            "Write a trace in a form that another tool opens",
            "osprey trace export --to chrome -o guest.json                 # open in ui.perfetto.dev or "
                + "chrome://tracing",
            "osprey trace export --to perfetto -o guest.pftrace            # and wake-ups, packets; ui.perfetto.dev",
            "osprey trace export --to firefox -o guest.json                # open in profiler.firefox.com",
            "osprey trace export --to pprof --what wait -g thread -o waits.pb.gz && go tool pprof -http : waits.pb.gz",
            "osprey trace export --to svg -o flames.svg                    # a flame graph for any browser",
            "osprey trace export --to html -o guest.html                   # summary, timeline, flames, slowest calls",
            "osprey trace export --to speedscope --what wait -g thread -o waits.json      # open in speedscope.app",
            "osprey trace export --to folded --what timed -t 'vfs_*' | flamegraph.pl --countname ns > vfs.svg",
            "osprey trace export --to pcapng --start-time 2024-05-01T12:00:00Z -o guest.pcapng      # open in "
                + "Wireshark",
            "osprey trace export --to csv -x --since 1.5 --period 10ms -o samples.csv     # open in a "
                + "spreadsheet or pandas",
            "osprey trace export --to jsonl --thread '*httpserver*' | jq .text",
            "osprey trace export --to duckdb -o guest.duckdb               # tables for SQL; see osprey trace query",
            "osprey trace export --to ctf -o guest.ctf && babeltrace2 guest.ctf",
            "osprey trace export --to tracefile -o tracefile buffers       # a dump as what OSv's trace.py reads"
        );
        var source = new SourceOptions(command, hasJson: false, hasPager: false);
        // The reference exports nothing
        command.Options.Remove(command.Options.Single(option => option.Name == "--compat"));
        var export = new ExportOptions(command);
        var options = new TraceCommandOptions(source)
        {
            Time = new TimeOptions(command),
            Filter = new FilterOptions(command),
            Symbols = new SymbolOptions(command),
            NeedsSymbols = result => export.GetFormat(result) != ExportFormat.Tracefile && !export.IsCtf(result),
        };
        command.SetAction(result =>
        {
            export.Check(result, options.Filter.GetTracepoints(result).Length > 0);
            return TraceInvocation.Run(result, options, invocation => Export(invocation, export, result), paged: false);
        });
        return command;
    }

    private static void Export(TraceInvocation invocation, ExportOptions options, ParseResult result)
    {
        if (options.IsCtf(result))
        {
            TraceExport folder = CtfFolder.Write(invocation, options.GetOutputPath(result)!);
            if (folder.Count == 0)
                invocation.FindNothing();

            WriteNotes(folder);
            return;
        }

        using ReplacedFile? file = options.GetOutputPath(result) is string path
            ? ReplacedFile.Create(path, SqlRun.Inputs(invocation.Session.Path))
            : null;
        using HeldBackStream? held = file is null ? new HeldBackStream(invocation.Output.Stream) : null;
        Stream output = file?.Stream ?? held!;
        if (options.IsDatabase(result) || options.GetParquetTable(result) is not null)
        {
            SqlRun.Guard(() =>
            {
                if (WriteTables(invocation, options.GetParquetTable(result), file, output) > 0)
                    Release(file, held);
                else
                    invocation.FindNothing();
            });
            return;
        }

        TraceExport export;
        if (options.GetFormat(result) is ExportFormat format)
        {
            var request = new ExportRequest(format, invocation.Scope, invocation.CreateStackSymbols())
            {
                Source = options.GetSource(result),
                Grouping = options.GetGrouping(result),
                StartTime = options.GetStartTime(result),
                Packets = options.GetPackets(result),
                Title =
                    invocation.Session.Path == TraceSession.StandardInput
                        ? "trace"
                        : Path.GetFileName(invocation.Session.Path),
                SpoolFolder = file?.Folder ?? Path.GetTempPath(),
            };
            using ExportJob job = ExportJob.Start(request, output);
            export = job.Export;
            invocation.Analyse(export);
        }
        else
        {
            export = new JsonLinesExport(invocation.Scope, invocation.CreateStackSymbols(), output);
            invocation.Analyse(export);
        }

        if (export.Count == 0)
        {
            invocation.FindNothing(Missing(invocation, options, result));
            return;
        }

        Release(file, held);
        WriteNotes(export);
    }

    private static void WriteNotes(TraceExport export)
    {
        foreach (string note in export.Notes)
            Messages.Write("osprey: note: " + note);
    }

    private static void Release(ReplacedFile? file, HeldBackStream? held)
    {
        file?.Finish();
        held?.Release();
    }

    private static long WriteTables(TraceInvocation invocation, string? table, ReplacedFile? file, Stream output)
    {
        string folder = file?.Folder ?? Path.GetTempPath();
        if (table is null)
            return SqlRun.WriteDatabase(invocation, folder, output);

        using SqlDatabase database = SqlDatabase.Open();
        long count = SqlRun.Load(invocation, database);
        SqlRun.CopyToParquet(database, $"FROM {table}", folder, output);
        return count;
    }

    private static IEnumerable<string> PacketNames(TraceSemantics semantics) =>
        semantics.NamesOf(TracepointRole.PacketIn).Concat(semantics.NamesOf(TracepointRole.PacketOut));

    /// <summary>The tracepoints that the form cannot do without and the trace does not know.</summary>
    private static string[] Missing(TraceInvocation invocation, ExportOptions options, ParseResult result)
    {
        var present = invocation.Scope.Tracepoints.All.Select(tracepoint => tracepoint.Name).ToHashSet();
        TraceSemantics semantics = invocation.Scope.Semantics;
        return options.GetFormat(result) switch
        {
            ExportFormat.Pcapng when !PacketNames(semantics).Any(present.Contains) => [.. PacketNames(semantics)],
            ExportFormat format when ExportOptions.IsProfile(format) =>
            [
                .. ProfileExport
                    .RequiredTracepoints(options.GetSource(result), semantics)
                    .Where(name => !present.Contains(name)),
            ],
            _ => [],
        };
    }
}
