using System.Text;
using Osprey.Debug.Faults;
using Osprey.Session.Guests.Scripts;
using Osprey.Tests.Cli;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Debugging;

public sealed class FaultScriptTests
{
    private const string Whole = """
        # The third write of the database finds no room, and its flush then fails once.
        fault ksys_write return -28 every 3 times 2 thread "rocks*" if "$rdi == 4"
        wait ksys_write 2 10s
        wait ksys_write 5s
        wait ksys_write
        wait ksys_write 2
          when thread rocksdb waits in vfs_fsync 500ms   # it has noticed
        when value "jiffies > 10"
        fault vfs_fsync return -5
        sleep 0.2
        clear ksys_write
        """;

    [Fact]
    public void Steps_OfEachKind_AreRead()
    {
        var text = new StringBuilder();
        foreach (FaultStep step in FaultScript.Parse(Whole, "full.fault").Steps)
            text.Append(step).Append('\n');

        GoldenFile.Verify(text.ToString());
    }

    [Fact]
    public void Lines_ThatMakeNoSense_AreToldWithTheirNumber()
    {
        string[] lines =
        [
            "faults f return 1",
            "fault",
            "fault f",
            "fault f returns 1",
            "fault f return 1 every",
            "fault f return 1 every 0",
            "fault f return 1 every -1",
            "fault f return 1 times many",
            "fault f return 1 thread",
            "fault f return 1 thread \"\"",
            "fault f return 1 if x == 3",
            "fault f return 1 once",
            "clear",
            "clear f",
            "wait f",
            "wait f 0",
            "wait f 1 2",
            "wait f 1 2s 3",
            "wait f soon",
            "when f",
            "when thread x sleeps in y",
            "when value x 1s 2s",
            "sleep",
            "sleep long",
            "fault \"f return 1",
        ];
        var text = new StringBuilder();
        foreach (string line in lines)
        {
            ScriptException failed = Assert.Throws<ScriptException>(() =>
                FaultScript.Parse("fault g return 0\n" + line, "full.fault")
            );
            Assert.Equal(2, failed.Line);
            text.Append(failed.Message).Append('\n');
        }

        GoldenFile.Verify(text.ToString());
    }

    [Fact]
    public void Scripts_ThatAreCutOffOrDamaged_AreReadOrRefused()
    {
        for (int length = 0; length <= Whole.Length; length++)
            Try(Whole[..length]);

        var random = new Random(6);
        for (int round = 0; round < 5000; round++)
        {
            char[] text = Whole.ToCharArray();
            for (int i = random.Next(6); i >= 0; i--)
                text[random.Next(text.Length)] = " \"#\n\0A9-\ud800é"[random.Next(10)];

            Try(new string(text));
        }
    }

    [Fact]
    public void Command_WithoutWrite_IsRefusedAsOthersThatWrite()
    {
        CommandRun run = CommandRun.Of("fault", "f", "--return", "1", "--target", "core:none");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("osprey: this makes calls of the guest fail", run.Messages, StringComparison.Ordinal);
        Assert.Contains("--write", run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fault")]
    [InlineData("fault", "f")]
    [InlineData("fault", "--return", "1")]
    [InlineData("fault", "f", "--script", "x")]
    [InlineData("fault", "--script", "x", "--times", "1")]
    [InlineData("fault", "f", "--return", "1", "--every", "0")]
    public void Command_ThatMixesAFunctionAndAScript_IsAUsageError(params string[] line) =>
        Assert.Equal(2, CommandRun.Of(line).ExitCode);

    [Fact]
    public void Command_OfAScriptThatIsWrittenWrongly_SaysFileAndLine()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("osprey-fault-").FullName, "a.fault");
        try
        {
            File.WriteAllText(file, "\nfault f return\n");
            CommandRun run = CommandRun.Of("fault", "--script", file, "--dry-run");
            Assert.Equal(
                (
                    1,
                    $"osprey: {file}:2: expected fault FUNCTION return VALUE [every N] [times N] [thread NAME] "
                        + "[if EXPRESSION]\n"
                ),
                (run.ExitCode, run.Messages)
            );
            Assert.Equal(1, CommandRun.Of("fault", "--script", file + ".none", "--write").ExitCode);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    private static void Try(string text)
    {
        try
        {
            Assert.NotEmpty(FaultScript.Parse(text, "x").Steps);
        }
        catch (ScriptException exception)
        {
            Assert.StartsWith($"x:{exception.Line}: ", exception.Message, StringComparison.Ordinal);
        }
    }
}
