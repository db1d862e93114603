using System.Text.RegularExpressions;
using Osprey.Tests.Cli.Differential;
using Osprey.Tests.Packets;
using Osprey.Tests.Recordings;
using Osprey.Tests.Traces.Exports;

namespace Osprey.Tests.Cli;

/// <summary>Exports of a real guest's recording, opened by readers that are not ours.</summary>
public sealed partial class ExportReaderTests : IDisposable
{
    private readonly string _output = Path.GetTempFileName();

    public void Dispose() => File.Delete(_output);

    [Fact]
    public void Folded_Recording_FitsTheGrammarAndCountsEverySample()
    {
        string[] lines = File.ReadAllLines(Export("folded", "net"));
        Assert.All(lines, line => Assert.Matches(FoldedLine(), line));
        Assert.Equal(Samples("net"), lines.Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..])));
        Assert.Equal(lines.Length, lines.Select(line => line[..line.LastIndexOf(' ')]).Distinct().Count());
    }

    [RequiresSpeedscopeFact]
    public void Speedscope_RecordingByThread_IsWhatSpeedscopeReads()
    {
        string[] lines = OtherProgram
            .Run(
                "node",
                [],
                GoldenFile.GetPath("../Traces/Exports/speedscope-import.mjs"),
                RequiresSpeedscopeFactAttribute.PackageDirectory,
                Export("speedscope", "net", "-g", "thread")
            )
            .Split('\n');
        string[] profiles = [.. lines.Skip(1).Where(line => line.Length > 0 && line[0] != ' ')];
        Assert.All(profiles, profile => Assert.Matches("^.* 0x[0-9a-f]+: [0-9]+ none$", profile));
        Assert.Equal(Samples("net"), profiles.Sum(profile => long.Parse(profile.Split(' ')[^2])));
        Assert.Contains(lines, line => line.Contains("(bsd/sys/net/if_ethersubr.cc:", StringComparison.Ordinal));
    }

    [RequiresProgramFact("tshark")]
    public void Pcapng_Recording_HasDirectionsAndCommentsInTshark()
    {
        string path = Export("pcapng", "net", "--start-time", "2024-05-01T12:00:00.5Z");
        string[] packets = OtherProgram
            .Run(
                "tshark",
                [],
                "-r",
                path,
                "-T",
                "fields",
                "-e",
                "frame.interface_name",
                "-e",
                "frame.packet_flags_direction",
                "-e",
                "frame.comment",
                "-e",
                "frame.time_epoch"
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] directions = [.. packets.Select(packet => string.Join(' ', packet.Split('\t')[..2]))];
        Assert.Equal(
            Samples("net", "-t", "net_packet_in") - 372, // packets that stand twice, and one of a routing socket
            directions.Count(direction => direction == "in 0x00000001")
        );
        Assert.Equal(
            Samples("net", "-t", "net_packet_out"),
            directions.Count(direction => direction == "out 0x00000002")
        );
        Assert.Equal(packets.Length, directions.Count(direction => direction is "in 0x00000001" or "out 0x00000002"));
        string[] first = packets[0].Split('\t');
        Assert.StartsWith(
            "ether_output\\ndhcp::dhcp_interface_state::discover()\\n",
            first[2],
            StringComparison.Ordinal
        );
        Assert.Equal("1714564803.739365970", first[3]);
    }

    [RequiresProgramFact("capinfos")]
    public void Pcapng_Recording_HasAllPacketsInCapinfos()
    {
        string text = OtherProgram.Run("capinfos", [], "-c", "-M", "-r", "-T", Export("pcapng", "net"));
        Assert.EndsWith(
            "\t1110", // of 1,482 samples: 371 packets have two, and one is a message of a routing socket
            text.TrimEnd(),
            StringComparison.Ordinal
        );
    }

    [RequiresProgramFact("node")]
    public void Chrome_Recording_IsWhatViewersTake()
    {
        string path = Export("chrome", "fs");
        string text = OtherProgram.Run("node", [], GoldenFile.GetPath("../Traces/Exports/chrome-check.mjs"), path);
        GoldenFile.Verify(text);
    }

    [RequiresProgramFact("python3")]
    public void Csv_Recording_IsWhatPythonReads()
    {
        const string Script = """
            import csv, sys
            rows = list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))
            assert rows[0] == ['time', 'cpu', 'thread', 'name', 'tracepoint', 'arguments', 'stack'], rows[0]
            assert all(len(row) == 7 for row in rows)
            assert all(float(a[0]) <= float(b[0]) for a, b in zip(rows[1:], rows[2:]))
            assert all(row[1].isdigit() and int(row[2], 16) and row[4] and row[6] for row in rows[1:])
            print(len(rows) - 1)
            """;
        Assert.Equal(Samples("net"), long.Parse(OtherProgram.Run("python3", [], "-c", Script, Export("csv", "net"))));
    }

    [RequiresProgramFact("python3")]
    public void Jsonl_Recording_IsWhatPythonReads()
    {
        const string Script = """
            import json, sys
            lines = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
            assert all(isinstance(line['time'], int) and line['backtrace'] and line['tracepoint'] for line in lines)
            print(len(lines))
            """;
        string path = Export("jsonl", "net");
        Assert.Equal(Samples("net"), long.Parse(OtherProgram.Run("python3", [], "-c", Script, path)));
        Assert.Equal(CommandRun.Trace("list --json -bS", Checkout.Tracefile("net")), File.ReadAllText(path));
    }

    [Fact]
    public void Tracefile_Recording_HasTheSameSamples()
    {
        string path = Export("tracefile", "fs");
        Assert.Equal(
            CommandRun.Trace("list --json -bx", Checkout.Tracefile("fs")),
            CommandRun.Trace("list --json -bx", path)
        );
    }

    [ReferenceFact]
    public void Tracefile_Recording_IsWhatTheReferenceReads()
    {
        string path = Export("tracefile", "net");
        Assert.NotEqual("", ReferenceProgram.Print("list", "-b", "-x", path));
        Assert.Equal(
            ReferenceProgram.Print("list", "-b", "-x", Checkout.Tracefile("net")),
            ReferenceProgram.Print("list", "-b", "-x", path)
        );
        Assert.Equal(
            ReferenceProgram.Print("summary", Checkout.Tracefile("net")),
            ReferenceProgram.Print("summary", path)
        );
    }

    [GeneratedRegex("^[^; ][^;]*(;[^; ][^;]*)* [0-9]+$")]
    private static partial Regex FoldedLine();

    /// <summary>How many samples there are, by another command.</summary>
    private static long Samples(string recording, params string[] filter)
    {
        CommandRun run = CommandRun.Of(["trace", "list", "--no-header", .. filter, Checkout.Tracefile(recording)]);
        return run.Output.Count(value => value == '\n');
    }

    private string Export(string form, string recording, params string[] more)
    {
        CommandRun run = CommandRun.Of([
            "trace",
            "export",
            "--to",
            form,
            "-S",
            "-o",
            _output,
            .. more,
            Checkout.Tracefile(recording),
        ]);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Text, form is "chrome" or "pcapng" ? "" : run.Messages));
        return _output;
    }
}
