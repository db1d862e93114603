using System.Text;
using Osprey.Session.Guests.Block;
using Osprey.Session.Guests.Scripts;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Session.Guests.Block;

public sealed class BlockScriptTests
{
    private const string Whole = """
        # A write that allocates waits for another one.
        insert virtio0
        break virtio0 cluster_alloc_space A   # the first that comes
          wait A 10s
        when thread "alloc writer" waits in io_schedule 500ms
        when thread 7 waits in sched::thread::wait
        when value "requests > 4" 2s
        sleep 0.2
        resume A
        break "virtio0" write_aio A
        wait A
        inject virtio0 cluster_alloc ENOSPC once
        inject virtio0 none 5 sector 640 state 2 after l2_update
        remove virtio0
        """;

    [Fact]
    public void Steps_OfEachKind_AreRead()
    {
        var text = new StringBuilder();
        foreach (BlockStep step in BlockScript.Parse(Whole, "race.block").Steps)
            text.Append(step).Append('\n');

        GoldenFile.Verify(text.ToString());
    }

    [Fact]
    public void Lines_ThatMakeNoSense_AreToldWithTheirNumber()
    {
        string[] lines =
        [
            "instal virtio0",
            "insert",
            "insert a b",
            "break virtio0 write_aio",
            "break virtio0 write-aio A",
            "break virtio0 write_aio A;quit",
            "wait A",
            "resume A",
            "sleep soon",
            "sleep -1s",
            "sleep 25h",
            "inject virtio0 none",
            "inject virtio0 none ENOSUCH",
            "inject virtio0 none EIO twice",
            "inject virtio0 none EIO sector",
            "inject virtio0 none EIO sector -1",
            "inject virtio0 none EIO after l2_update",
            "when thread x sleeps in y",
            "when thread x waits in y later",
            "when thread x waits in y 1s more",
            "when value",
            "when value x soon",
            "insert \"virtio0",
        ];
        var text = new StringBuilder();
        foreach (string line in lines)
        {
            ScriptException failed = Assert.Throws<ScriptException>(() =>
                BlockScript.Parse("# first\n" + line, "race.block")
            );
            Assert.Equal(2, failed.Line);
            text.Append(failed.Message).Append('\n');
        }

        GoldenFile.Verify(text.ToString());
    }

    [Fact]
    public void Breakpoints_ThatAreSetTwice_AreRefused()
    {
        const string Twice = "break d write_aio A\nbreak d write_aio A";
        Assert.Equal(
            "x:2: 'A' is set already and not resumed before this line",
            Assert.Throws<ScriptException>(() => BlockScript.Parse(Twice, "x")).Message
        );
        BlockScript.Parse("break d write_aio A\nresume A\nbreak d write_aio A", "x");
    }

    [Fact]
    public void Scripts_WithoutSteps_AreRefused()
    {
        foreach (string empty in (string[])["", "\n\n", "# nothing", " \t "])
            Assert.Equal(
                "x:1: the script has no steps",
                Assert.Throws<ScriptException>(() => BlockScript.Parse(empty, "x")).Message
            );
    }

    [Fact]
    public void Scripts_ThatAreCutOffOrDamaged_AreReadOrRefused()
    {
        for (int length = 0; length <= Whole.Length; length++)
            Try(Whole[..length]);

        var random = new Random(5);
        for (int round = 0; round < 5000; round++)
        {
            char[] text = Whole.ToCharArray();
            for (int i = random.Next(6); i >= 0; i--)
                text[random.Next(text.Length)] = " \"#\n\0A9-\ud800é"[random.Next(10)];

            Try(new string(text));
        }
    }

    [Theory]
    [InlineData("sched::thread::wait()", true)]
    [InlineData("sched::thread::wait(int, char)", true)]
    [InlineData("thread::wait", true)]
    [InlineData("wait", true)]
    [InlineData("await", false)]
    [InlineData("wait_event", false)]
    [InlineData(null, false)]
    public void Functions_AreKnownByTheirNameAlone(string? name, bool isMeant) =>
        Assert.Equal(isMeant, new ThreadCondition("x", "wait").IsFunction(name));

    private static void Try(string text)
    {
        try
        {
            Assert.NotEmpty(BlockScript.Parse(text, "x").Steps);
        }
        catch (ScriptException exception)
        {
            Assert.StartsWith($"x:{exception.Line}: ", exception.Message);
        }
    }
}
