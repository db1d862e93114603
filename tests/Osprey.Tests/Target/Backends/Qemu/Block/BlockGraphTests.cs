using System.Text;
using System.Text.Json;
using Osprey.Cli.Commands.Guest.Block;
using Osprey.Session.Answers.Guests.Block;
using Osprey.Target;
using Osprey.Target.Backends.Qemu.Block;
using Osprey.Tests.Packets;
using Osprey.Traces.Text;

namespace Osprey.Tests.Target.Backends.Qemu.Block;

public sealed class BlockGraphTests
{
    [Fact]
    public void Graph_OfThreeDrives_IsListed()
    {
        var status = new BlockStatus(
            [
                new BlockFilter(
                    "osprey-block-00c0ffee",
                    "data",
                    [new InjectRule("cluster_alloc", 28) { IsOnce = true }, new InjectRule("none", 5) { Sector = 640 }]
                ),
                new BlockFilter("osprey-block-gone", "virtio0", []),
            ],
            [
                new BlockBreakpointStatus(new BlockBreakpoint("A", "osprey-01234567-A", "write_aio", "data"), true),
                new BlockBreakpointStatus(
                    new BlockBreakpoint("B", "osprey-01234567-B", "flush_to_disk", "data"),
                    false
                ),
                new BlockBreakpointStatus(new BlockBreakpoint("C", "osprey-01234567-C", "", ""), null),
            ],
            null
        );
        BlockGraph graph = BlockAnswers.Parse(BlockAnswers.Blocks, BlockAnswers.Nodes, BlockAnswers.Graph);
        var text = new Utf8Builder(1000);
        BlockListCommand.Write(text, new BlockAnswer(graph, status));
        GoldenFile.Verify(text.ToString());
    }

    [Theory]
    [InlineData("virtio0", "virtio0")]
    [InlineData("#block168", "virtio0")]
    [InlineData("data", "data")]
    [InlineData("data0", "data")]
    [InlineData("/machine/peripheral/data/virtio-backend", "data")]
    [InlineData("ide1-cd0", "ide1-cd0")]
    public void Drives_AreFoundByEachOfTheirNames(string word, string name)
    {
        BlockGraph graph = BlockAnswers.Parse(BlockAnswers.Blocks, BlockAnswers.Nodes, BlockAnswers.Graph);
        Assert.Equal(name, graph.FindDrive(word).Name);
    }

    [Fact]
    public void Drives_ThatAreNotThere_AreNamedWithThoseThatAre()
    {
        BlockGraph graph = BlockAnswers.Parse(BlockAnswers.Blocks, BlockAnswers.Nodes, BlockAnswers.Graph);
        TargetException failed = Assert.Throws<TargetException>(() => graph.FindDrive("sda"));
        Assert.Equal(TargetProblem.NoSuchDrive, failed.Problem);
        Assert.Equal(["virtio0", "data", "ide1-cd0"], failed.Names);
        Assert.Throws<TargetException>(() => graph.FindDrive(""));
    }

    [Fact]
    public void Filters_AreThoseBelowTheFormat()
    {
        BlockGraph graph = BlockAnswers.Parse(BlockAnswers.Blocks, BlockAnswers.Nodes, BlockAnswers.Graph);
        Assert.Null(graph.FindFilter(graph.FindDrive("virtio0")));
        Assert.Equal("osprey-block-00c0ffee", graph.FindFilter(graph.FindDrive("data"))?.Name);
        Assert.Equal("file0", graph.FindFilter(graph.FindDrive("data"))?.FindChild("image"));
        Assert.Equal("#block089", graph.FindDrive("virtio0").Node?.FindChild("file"));
        Assert.Equal("on", graph.FindDrive("virtio0").Node?.DetectZeroes);
    }

    /// <summary>Whatever QEMU, or what pretends to be it, says: the walk ends, and nothing is thrown.</summary>
    [Fact]
    public void Answers_ThatAreDamaged_GiveWhatCanBeRead()
    {
        string[] answers = [BlockAnswers.Blocks, BlockAnswers.Nodes, BlockAnswers.Graph];
        var random = new Random(1);
        int parsed = 0;
        for (int round = 0; round < 3000; round++)
        {
            string[] damaged = [.. answers.Select(answer => Damage(answer, random))];
            BlockGraph graph;
            try
            {
                graph = BlockAnswers.Parse(damaged[0], damaged[1], damaged[2]);
            }
            catch (JsonException)
            {
                continue; // it never gets this far
            }

            parsed++;
            foreach (BlockDrive drive in graph.Drives)
            {
                _ = graph.FindFilter(drive);
                if (drive.Node is { } node)
                    Assert.InRange(graph.Walk(node).Count(), 1, 7);
            }
        }

        Assert.InRange(parsed, 500, 3000);
    }

    [Fact]
    public void Events_AreReadOutOfTheSchema()
    {
        const string Schema = """
            [{"name": "1", "meta-type": "object", "members": []},
             {"name": "2", "meta-type": "enum", "values": ["read", "write"]},
             {"name": "3", "meta-type": "enum", "values": ["l1_update", "cluster_alloc_bytes", 7, "new_one"]}]
            """;
        Assert.Equal(
            ["l1_update", "cluster_alloc_bytes", "new_one"],
            BlockEvents.ParseSchema(BlockAnswers.Read(Schema))
        );
        Assert.Empty(BlockEvents.ParseSchema(BlockAnswers.Read("{}")));
    }

    [Fact]
    public void Events_HaveAWholeSentenceEach()
    {
        Assert.Equal(BlockEvents.Known.Count, BlockEvents.Known.Select(item => item.Name).Distinct().Count());
        Assert.All(BlockEvents.Known, item => Assert.Matches("^[A-Z].*\\.(.*\\))?$|^No event", item.Meaning));
        Assert.Equal(new BlockEvent("new_one", "", ""), BlockEvents.Get("new_one"));
    }

    [Theory]
    [InlineData("ENOSPC", 28)]
    [InlineData("eio", 5)]
    [InlineData("4095", 4095)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("4096", null)]
    [InlineData("ENOSUCH", null)]
    public void Errors_AreNamesOrNumbers(string text, int? value) => Assert.Equal(value, ErrorNumber.TryParse(text));

    private static string Damage(string json, Random random)
    {
        string[] values = ["null", "-1", "{}", "[]", "\"\\ud800\"", "18446744073709551616", "true", "\"x\"", "2", "6"];
        var text = new StringBuilder(json);
        for (int i = random.Next(3); i > 0; i--)
        {
            // One value or character for another.
            int at = random.Next(text.Length);
            int colon = text.ToString().IndexOf(": ", at, StringComparison.Ordinal);
            if (colon > 0 && text.ToString().IndexOfAny([',', '}', ']'], colon) is > 0 and var end)
                text.Remove(colon + 2, end - colon - 2).Insert(colon + 2, values[random.Next(values.Length)]);
        }

        return text.ToString();
    }
}
