using System.Text;
using Osprey.Binary;
using Osprey.Tests.Packets;
using Osprey.Tests.Recordings;
using Osprey.Traces.Formats;
using Osprey.Traces.Model;

namespace Osprey.Tests.Cli.Trace.Imports;

/// <summary>Traces of other tools, as text and JSON.</summary>
public sealed class ImportTests : IDisposable
{
    private static readonly string[] s_files =
    [
        "perf.txt",
        "ftrace.txt",
        "trace-cmd.txt",
        "babeltrace.txt",
        "chrome.json",
    ];

    private readonly string _path = Path.GetTempFileName();

    public static TheoryData<string> Files => [.. s_files];

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Perf_Script() => GoldenFile.Verify(Show("perf.txt", "list -b", "prof", "prof-wait", "summary --timed"));

    [Fact]
    public void Ftrace_Text() =>
        GoldenFile.Verify(Show("ftrace.txt", "list -b", "prof-wait", "wakeup-latency", "summary --timed"));

    [Fact]
    public void TraceCmd_Report() => GoldenFile.Verify(Show("trace-cmd.txt", "list -b", "prof-wait"));

    [Fact]
    public void Babeltrace_Text() => GoldenFile.Verify(Show("babeltrace.txt", "list", "summary --timed", "prof-idle"));

    [Fact]
    public void Chrome_Json() => GoldenFile.Verify(Show("chrome.json", "list -b", "list-timed", "summary --timed"));

    [Fact]
    public void Chrome_OurOwnExport_HasTheSameCalls()
    {
        string chrome = CommandRun.Of("trace", "export", "--to", "chrome", "-S", Checkout.Tracefile("fs")).Text;
        File.WriteAllText(_path, chrome);
        string[] ours = Timed(Checkout.Tracefile("fs"));
        Assert.Equal(ours, Timed(_path));
        Assert.NotEmpty(ours);

        // Waits that the end of the trace cut are slices there, too.
        static string[] Timed(string path) =>
            [
                .. CommandRun
                    .Of(
                        "trace",
                        "query",
                        "-x",
                        "--csv",
                        "SELECT tracepoint, time, duration FROM calls ORDER BY ALL",
                        path
                    )
                    .Text.ReplaceLineEndings("\n")
                    .Split('\n'),
            ];
    }

    [Theory]
    [InlineData("[{\"ph\":", "this is no JSON")]
    [InlineData("{\"displayTimeUnit\":\"ns\"}", "has no array \"traceEvents\"")]
    [InlineData("{\"traceEvents\":[]}", "there is no event in this trace")]
    [InlineData("{\"traceEvents\":[7]}", "an event is Number, not an object")]
    [InlineData("cpus=2\n", "there is no event in this text")]
    [InlineData("# tracer: nop\nhello\n", "line 2 is no event of Linux: 'hello'")]
    public void Files_WithoutEvents_FailInOneLine(string content, string reason)
    {
        File.WriteAllText(_path, content);
        CommandRun run = CommandRun.Of("trace", "summary", _path);
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        Assert.Contains(reason, run.Messages, StringComparison.Ordinal);
        Assert.Equal(1, run.Messages.Count(value => value == '\n'));
    }

    [Fact]
    public void Lines_ThatAreNoEvents_AreCountedAndTheFirstIsShown()
    {
        File.WriteAllText(_path, File.ReadAllText(GoldenFile.GetPath("ftrace.txt")) + "what is this?\nand this?\n");
        CommandRun run = CommandRun.Of("trace", "summary", _path);
        Assert.Contains("is no event of Linux: 'what is this?'", run.Messages, StringComparison.Ordinal);
        Assert.Contains("2 lines of the text are no events and were left out", run.Messages, StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Pipe_GivesWhatTheFileGives()
    {
        byte[] text = File.ReadAllBytes(GoldenFile.GetPath("perf.txt"));
        TraceReader reader = TraceFormats.Standard.Open(TraceInput.FromStream("pipe", new MemoryStream(text)));
        Assert.Equal(
            ReadAll(reader),
            ReadAll(TraceFormats.Standard.Open(TraceInput.OpenFile(GoldenFile.GetPath("perf.txt"))))
        );
    }

    [Theory]
    [Trait("Category", "Slow")] // in this process, also where the native program is tested
    [MemberData(nameof(Files))]
    public void Files_CutAnywhere_GiveAPartOrAreRefused(string file)
    {
        byte[] whole = File.ReadAllBytes(GoldenFile.GetPath(file));
        long all = Read(whole) ?? throw new InvalidOperationException("the whole file is refused");
        for (int size = 0; size < whole.Length; size++)
            Assert.True(Read(whole[..size]) is null or long and >= 0, $"at {size} of {all}");
    }

    [Theory]
    [Trait("Category", "Slow")] // in this process, also where the native program is tested
    [MemberData(nameof(Files))]
    public void Files_WithBytesChanged_AreReadOrRefused(string file)
    {
        byte[] whole = File.ReadAllBytes(GoldenFile.GetPath(file));
        var random = new Random(12);
#if DEBUG
        const int Rounds = 300;
#else
        const int Rounds = 3000;
#endif
        for (int round = 0; round < Rounds; round++)
        {
            byte[] changed = [.. whole];
            for (int change = random.Next(1, 6); change > 0; change--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);

            Read(changed);
        }
    }

    [Fact]
    public void Lines_ThatAreVeryLong_TakeNoLongTime()
    {
        // Patterns that go back over blanks and dashes would take hours for these.
        foreach (string filler in (string[])[" ", "-", "a-1 ", "( ", "k=v ", "=> "])
        {
            string line = string.Concat(Enumerable.Repeat(filler, 200_000 / filler.Length));
            File.WriteAllText(
                _path,
                $"# tracer: nop\n a-1 [000] 1.000000: b: c=1\n{line}\n a-1 [000] 2.000000: b: {line}\n"
            );
            Assert.Equal(0, CommandRun.Of("trace", "summary", _path).ExitCode);
        }
    }

    /// <summary>Reads all samples.</summary>
    /// <returns>How many there are; null when the content is refused.</returns>
    private static long? Read(byte[] content)
    {
        try
        {
            return ReadAll(TraceFormats.Standard.Open(TraceInput.FromStream("x", new MemoryStream(content))));
        }
        catch (BadDataException)
        {
            return null;
        }
    }

    private static long ReadAll(TraceReader reader)
    {
        using (reader)
        {
            long count = 0;
            for (var batch = new SampleBatch(); reader.Read(batch); )
                count += batch.Count;

            return count;
        }
    }

    private static string Show(string file, params string[] commands)
    {
        var text = new StringBuilder();
        foreach (string command in commands)
        {
            CommandRun run = CommandRun.Of(["trace", .. command.Split(' '), GoldenFile.GetPath(file)]);
            text.Append($"$ osprey trace {command} {file}\n{run.Text}{run.Messages}[{run.ExitCode}]\n\n");
        }

        return text.ToString();
    }
}
