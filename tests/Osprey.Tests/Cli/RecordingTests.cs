using System.Security.Cryptography;
using System.Text.Json;
using Osprey.Tests.Recordings;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Cli;

/// <summary>Recordings of real guests, against what the reference printed of them (Recordings/README.md).</summary>
public sealed class RecordingTests : IClassFixture<UnpackedDumps>
{
    private readonly UnpackedDumps _dumps;

    public RecordingTests(UnpackedDumps dumps) => _dumps = dumps;

    public static TheoryData<string, string, long, string> Tracefiles => Read("index.json", needsTcpdump: false);

    public static TheoryData<string, string, long, string> Dumps => Read("dump-index.json", needsTcpdump: false);

    public static TheoryData<string, string, long, string> TracefilesWithPackets =>
        Read("index.json", needsTcpdump: true);

    [Theory]
    [MemberData(nameof(Tracefiles))]
    public void Tracefile_Compat_IsTheReferencesOutput(string recording, string args, long size, string sha256) =>
        Compare(args, Checkout.Tracefile(recording), size, sha256);

    [ToolTheory("tcpdump")]
    [MemberData(nameof(TracefilesWithPackets))]
    public void Tracefile_CompatThroughTcpdump_IsTheReferencesOutput(
        string recording,
        string args,
        long size,
        string sha256
    ) => Compare(args, Checkout.Tracefile(recording), size, sha256);

    [Theory]
    [MemberData(nameof(Dumps))]
    public void Dump_Compat_IsTheReferencesOutput(string recording, string args, long size, string sha256) =>
        Compare(args, _dumps[recording], size, sha256);

    private static void Compare(string args, string path, long size, string sha256)
    {
        CommandRun run = CommandRun.Of(["trace", .. args.Split(' '), "--compat", "--", path]);
        Assert.Equal(
            (size, sha256, 0, ""),
            (run.Output.Length, Convert.ToHexStringLower(SHA256.HashData(run.Output)), run.ExitCode, run.Messages)
        );
    }

    private static TheoryData<string, string, long, string> Read(string index, bool needsTcpdump)
    {
        var rows = new TheoryData<string, string, long, string>();
        foreach (
            string path in Directory
                .GetFiles(Checkout.Recordings, index, SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
        {
            string recording = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path)!)!);
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (JsonElement row in document.RootElement.EnumerateArray())
            {
                string args = row.GetProperty("args").GetString()!;
                if (args.Contains("tcpdump", StringComparison.Ordinal) == needsTcpdump)
                    rows.Add(
                        recording,
                        args,
                        row.GetProperty("bytes").GetInt64(),
                        row.GetProperty("sha256").GetString()!
                    );
            }
        }

        return rows;
    }
}
