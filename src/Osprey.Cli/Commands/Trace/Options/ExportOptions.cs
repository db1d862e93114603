using System.CommandLine;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Traces.Export;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Exports.Profiles;
using Osprey.Traces.Network;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options of an export: the format, the output, and what is exported.</summary>
internal sealed class ExportOptions
{
    private const string JsonLines = "jsonl";
    private const string Duckdb = "duckdb";
    private const string Parquet = "parquet";
    private const string Ctf = "ctf";

    private static readonly string[] s_formats =
    [
        "folded",
        "speedscope",
        "pprof",
        "firefox",
        "svg",
        "html",
        "perfetto",
        "chrome",
        "pcapng",
        "csv",
        JsonLines,
        Parquet,
        Duckdb,
        Ctf,
        "tracefile",
    ];
    private static readonly string[] s_sources = ["hits", "wait", "lock", "timed", "idle"];
    private static readonly string[] s_groupings = ["thread", "cpu", "none"];

    // Not marked as required: --help without it would be a usage error.
    private readonly Option<string> _to = new("--to")
    {
        Description = $"The form to write (required): {string.Join(", ", s_formats)}",
        HelpName = "FORM",
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Write to this file (ctf: folder); standard output by default",
        HelpName = "FILE",
    };
    private readonly Option<string> _what = new("--what")
    {
        Description =
            "folded, speedscope, pprof, svg: count hits (default), or nanoseconds of waiting, of waiting for "
            + "mutexes, of the timed tracepoints -t, of waiting while CPUs idle",
        HelpName = string.Join('|', s_sources),
    };
    private readonly Option<string> _group = new("--group-by", "-g")
    {
        Description = "speedscope: one profile a thread or CPU; folded: the thread or CPU as outermost frame",
        HelpName = string.Join('|', s_groupings),
    };
    private readonly Option<string> _start = new("--start-time")
    {
        Description = "pcapng: the wall-clock time of guest time 0, in ISO 8601 or seconds since 1970",
        HelpName = "TIME",
    };

    private readonly Option<string> _table = new("--table")
    {
        Description = "parquet: the table that is written, by default samples (see 'osprey trace query --help')",
        HelpName = "NAME",
    };

    private readonly PacketLevelOption _levels;

    public ExportOptions(Command command)
    {
        _to.AcceptOnlyFromAmong(s_formats);
        _what.AcceptOnlyFromAmong(s_sources);
        _group.AcceptOnlyFromAmong(s_groupings);
        command.Options.Add(_to);
        command.Options.Add(_output);
        command.Options.Add(_what);
        command.Options.Add(_group);
        command.Options.Add(_start);
        command.Options.Add(_table);
        _levels = new PacketLevelOption(command);
    }

    /// <summary>The file to write; null for standard output.</summary>
    public string? GetOutputPath(ParseResult result) =>
        result.GetValue(_output) is { } path && path != "-" ? path : null;

    /// <summary>The form to write; null for JSON lines and for those that a database writes.</summary>
    public ExportFormat? GetFormat(ParseResult result) =>
        result.GetValue(_to) is { } name && name is not (JsonLines or Duckdb or Parquet or Ctf)
            ? Enum.Parse<ExportFormat>(name, ignoreCase: true)
            : null;

    /// <summary>Tells whether the trace is to be written as a folder in the Common Trace Format.</summary>
    public bool IsCtf(ParseResult result) => result.GetValue(_to) == Ctf;

    /// <summary>Tells whether the trace is to be written as a database.</summary>
    public bool IsDatabase(ParseResult result) => result.GetValue(_to) == Duckdb;

    /// <summary>The table that is to be written as a Parquet file; null for other forms.</summary>
    public string? GetParquetTable(ParseResult result) =>
        result.GetValue(_to) == Parquet ? result.GetValue(_table) ?? "samples" : null;

    public ProfileSource GetSource(ParseResult result) =>
        result.GetValue(_what) is { } name ? Enum.Parse<ProfileSource>(name, ignoreCase: true) : ProfileSource.Hits;

    public ProfileGrouping GetGrouping(ParseResult result) =>
        result.GetValue(_group) is { } name
            ? Enum.Parse<ProfileGrouping>(name, ignoreCase: true)
            : ProfileGrouping.None;

    /// <summary>Nanoseconds since 1970 at guest time 0.</summary>
    public ulong GetStartTime(ParseResult result) =>
        result.GetValue(_start) is not { } text ? 0
        : StartTime.TryParse(text, out ulong nanoseconds) ? nanoseconds
        : throw new UsageException(
            $"--start-time: '{text}' is not a time; expected ISO 8601 such as 2024-05-01T12:00:00Z, or seconds "
                + "since 1970"
        );

    /// <summary>The samples of packets that are written.</summary>
    public PacketChoice GetPackets(ParseResult result) => _levels.Read(result);

    /// <summary>Tells whether a form shows a profile: stacks with weights, whatever their times.</summary>
    public static bool IsProfile(ExportFormat format) =>
        format is ExportFormat.Folded or ExportFormat.Speedscope or ExportFormat.Pprof or ExportFormat.Svg;

    private static bool IsBinary(ExportFormat format) =>
        format is ExportFormat.Pcapng or ExportFormat.Tracefile or ExportFormat.Pprof or ExportFormat.Perfetto;

    /// <summary>Checks that the options go together.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="hasTracepoints">Whether tracepoints were named.</param>
    /// <exception cref="UsageException">They do not.</exception>
    public void Check(ParseResult result, bool hasTracepoints)
    {
        if (result.GetValue(_to) is not { } form)
            throw new UsageException(
                $"--to is missing: expected one of {string.Join(", ", s_formats)} (see 'osprey trace export --help')"
            );

        ExportFormat? format = GetFormat(result);
        bool isProfile = format is ExportFormat f && IsProfile(f);
        Option<string>? stray =
            !isProfile && result.GetValue(_what) is not null ? _what
            : !isProfile && result.GetValue(_group) is not null ? _group
            : format != ExportFormat.Pcapng && result.GetValue(_start) is not null ? _start
            : null;
        if (stray is not null)
            throw new UsageException(
                $"{stray.Name} says nothing to --to {form}: it is for "
                    + $"{(stray == _start ? "pcapng" : "folded, speedscope, pprof and svg")}"
            );

        if (form == Ctf && GetOutputPath(result) is null)
            throw new UsageException("--to ctf writes a folder: give -o FOLDER");

        if (form != Parquet && result.GetValue(_table) is not null)
            throw new UsageException($"--table says nothing to --to {form}: it is for parquet");

        if (format != ExportFormat.Pcapng && _levels.IsGiven(result))
            throw new UsageException($"--all-levels says nothing to --to {form}: it is for pcapng");

        ProfileSource source = GetSource(result);
        if (source == ProfileSource.Timed && !hasTracepoints)
            throw new UsageException("--what timed needs -t NAME: the tracepoint whose time is wanted");

        if (source is ProfileSource.Wait or ProfileSource.Lock or ProfileSource.Idle && hasTracepoints)
            throw new UsageException($"--what {result.GetValue(_what)} has tracepoints of its own: leave out -t");

        GetStartTime(result);
        if (
            (form is Duckdb or Parquet || format is ExportFormat binary && IsBinary(binary))
            && GetOutputPath(result) is null
            && OutputCapture.Current is null
            && !Console.IsOutputRedirected
        )
            throw new UsageException($"--to {form} writes a binary file: give -o FILE or redirect standard output");
    }
}
