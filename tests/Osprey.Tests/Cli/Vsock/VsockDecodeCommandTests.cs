using Osprey.Tests.Packets;
using Osprey.Tests.Packets.Captures;
using Osprey.Tests.Packets.Vsock;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Cli.Vsock;

/// <summary>Tests <c>osprey vsock decode</c>.</summary>
public sealed class VsockDecodeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-vsock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The document's capture is the fixture; OSPREY_ACCEPT=1 writes it.</summary>
    [Fact]
    public void Document_Capture_IsTheFixture()
    {
        string path = Path.Combine(Checkout.Root, "docs", "vsock", "four.pcap");
        byte[] bytes = VsockFixture.Create().Build();
        if (Environment.GetEnvironmentVariable("OSPREY_ACCEPT") == "1")
            File.WriteAllBytes(path, bytes);

        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void Decode_Fixture_IsALineAPacket() => GoldenFile.Verify(Show());

    [Fact]
    public void Decode_Json_IsARecordAPacket() => GoldenFile.Verify(Show("--json"));

    [Fact]
    public void Decode_Connections_HaveBytesStallsAndReasons() =>
        GoldenFile.Verify(Show("--connections") + Show("--connections", "--json"));

    [Fact]
    public void Decode_Follow_ShowsBothWays() =>
        GoldenFile.Verify(
            Show("--follow", "host:1024-3:5000")
                + Show("--follow", "3:5001-2:1025")
                + Show("--follow", "1", "--sender", "3:5000", "--json")
        );

    [Fact]
    public void Decode_FollowRaw_WritesTheBytes()
    {
        string path = Write(VsockFixture.Create().Build());
        CommandRun run = CommandRun.Of("vsock", "decode", path, "--follow", "1", "--raw", "--sender", "3:5000");
        Assert.Equal((0, "v0.57.0\n", ""), (run.ExitCode, run.Text, run.Messages));
        run = CommandRun.Of("vsock", "decode", path, "--follow", "3", "--raw");
        Assert.Equal(
            (0, "a messageand a record\n", "osprey: note: 14 bytes were not captured and are left out\n"),
            (run.ExitCode, run.Text, run.Messages)
        );
        VsockPacketBuilder twice = VsockFixture.Create();
        foreach (BuiltRecord record in VsockFixture.Create().Records)
            twice.Add(record.Data);

        run = CommandRun.Of("vsock", "decode", Write(twice.Build()), "--follow", "3:5000-host:1024", "--raw");
        Assert.Equal(2 * (28 + 36 + 8), run.Output.Length);
        Assert.Equal(
            "osprey: note: the bytes are those of 2 connections, one behind the other (1, 5 in --connections)\n",
            run.Messages
        );
    }

    [Fact]
    public void Decode_DamagedFile_KeepsWhatWasBefore()
    {
        byte[] bytes = VsockFixture.Create().Build();
        string path = Write(bytes[..^1]);
        CommandRun run = CommandRun.Of("vsock", "decode", path);
        Assert.Equal((1, 16), (run.ExitCode, run.Text.Count(c => c == '\n')));
        Assert.EndsWith(
            ": packet 17 is cut short: expected 76 bytes, have 75; 16 packets were read before\n",
            run.Messages
        );
        run = CommandRun.Of("vsock", "decode", path, "--connections");
        Assert.Equal((1, 5), (run.ExitCode, run.Text.Count(c => c == '\n')));
        Assert.EndsWith("; 16 packets were read before\n", run.Messages);
    }

    [Fact]
    public void Decode_OtherLinkTypesAndLosses_AreSaid()
    {
        var builder = new CaptureBuilder(isBigEndian: false);
        builder.AddSection();
        builder.AddInterface(1, []);
        builder.AddInterface(271, []);
        builder.AddEnhancedPacket(0, 0, [1], 1);
        builder.AddEnhancedPacket(1, 0, [1], 1);
        builder.AddStatistics(1, (5, builder.Number(7)));
        CommandRun run = CommandRun.Of("vsock", "decode", Write(builder.Bytes));
        Assert.Equal(
            (
                1,
                "00:00:00.000000000 not decoded: the vsockmon header is cut short: expected 32 bytes, have 1\n",
                "osprey: note: 1 packets of link type 1 are left out: vsock's is 271\n"
                    + "osprey: the capture lost 7 packets\n"
                    + "osprey: 1 packets are too short for vsockmon's header\n"
            ),
            (run.ExitCode, run.Text, run.Messages)
        );
    }

    [Fact]
    public void Decode_WithoutAnythingToShow_IsAFailure()
    {
        string path = Write(CaptureBuilder.Build(CaptureForm.Pcapng, 1, []));
        CommandRun run = CommandRun.Of("vsock", "decode", path);
        Assert.Equal(
            (1, "", "osprey: the capture has no packets of vsock (link type 271)\n"),
            (run.ExitCode, run.Text, run.Messages)
        );
        run = CommandRun.Of("vsock", "decode", Write(VsockFixture.Create().Build()), "--follow", "9:9-8:8");
        Assert.Equal(
            (1, "", "osprey: the capture has no data of such a connection\n"),
            (run.ExitCode, run.Text, run.Messages)
        );
        run = CommandRun.Of("vsock", "decode", Write("no capture"u8.ToArray()));
        Assert.EndsWith(
            "+0x0: expected a pcap or pcapng file, which begin with other bytes than 6e6f2063\n",
            run.Messages
        );
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        run = CommandRun.Of("vsock", "decode", _folder);
        Assert.Equal(
            (1, $"osprey: {_folder}: this is a folder; expected a pcap or pcapng file\n"),
            (run.ExitCode, run.Messages)
        );
        run = CommandRun.Of("vsock", "decode", _folder + "/none");
        Assert.Equal((1, $"osprey: {_folder}/none: there is no such file\n"), (run.ExitCode, run.Messages));
    }

    [Theory]
    [InlineData("--raw needs --follow", "--raw")]
    [InlineData("--sender needs --follow", "--sender", "3:4")]
    [InlineData("choose one of --connections and --follow", "--connections", "--follow", "1")]
    [InlineData("choose one of --json and --raw", "--json", "--raw", "--follow", "1")]
    [InlineData("--sender: 'x' is not CID:PORT, such as host:1024 or 3:5000", "--sender", "x", "--follow", "1")]
    [InlineData(
        "--follow: '3:4' is neither a number nor CID:PORT-CID:PORT, such as host:1024-3:5000",
        "--follow",
        "3:4"
    )]
    public void Options_ThatDoNotFit_AreUsageErrors(string message, params string[] options)
    {
        CommandRun run = CommandRun.Of(["vsock", "decode", "none", .. options]);
        Assert.Equal((2, "", $"osprey: {message}\n"), (run.ExitCode, run.Text, run.Messages));
    }

    private string Show(params string[] options)
    {
        CommandRun run = CommandRun.Of(["vsock", "decode", Write(VsockFixture.Create().Build()), .. options]);
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
        return $"$ osprey {string.Join(' ', ["vsock", "decode", "FILE", .. options])}\n{run.Text}";
    }

    private string Write(byte[] bytes)
    {
        string path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
