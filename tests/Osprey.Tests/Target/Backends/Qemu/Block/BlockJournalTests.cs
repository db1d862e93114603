using Osprey.Target.Backends.Qemu.Block;

namespace Osprey.Tests.Target.Backends.Qemu.Block;

public sealed class BlockJournalTests : IDisposable
{
    private static readonly BlockBreakpoint s_breakpoint = new("A", "osprey-00c0ffee-A", "write_aio", "virtio0");

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-block-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "deeper", $"{Environment.ProcessId}-1");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Notes_AreReadByAnotherProgram()
    {
        var rule = new InjectRule("cluster_alloc", 28)
        {
            IsOnce = true,
            Sector = long.MaxValue,
            State = 2,
            StateEvent = "l2_update",
        };
        var filter = new BlockFilter("osprey-block-1", "virtio0", [rule, new InjectRule("none", 5)]);
        new BlockJournal(Path).Change(noted => noted.With(filter).With(s_breakpoint));
        BlockJournalState read = new BlockJournal(Path).Read();
        Assert.Equal(filter.Rules, read.Filters.Single().Rules);
        Assert.Equal(("osprey-block-1", "virtio0"), (read.Filters[0].Node, read.Filters[0].Drive));
        Assert.Equal(s_breakpoint, read.Find("A"));
        Assert.Null(read.Find("B"));
        new BlockJournal(Path).Change(noted =>
            noted.WithoutBreakpoint(s_breakpoint.QemuTag).WithoutFilter("osprey-block-1")
        );
        Assert.True(new BlockJournal(Path).Read().IsEmpty);
        Assert.Equal(0, new FileInfo(Path).Length);
    }

    [Fact]
    public void Notes_OfManyProgramsAtOnce_AreAllThere()
    {
        Parallel.For(
            0,
            16,
            i =>
                new BlockJournal(Path).Change(noted =>
                    noted.With(s_breakpoint with { Tag = $"{i}", QemuTag = $"osprey-00c0ffee-{i}" })
                )
        );
        Assert.Equal(16, new BlockJournal(Path).Read().Breakpoints.Count);
    }

    [Fact]
    public void Notes_ThatAreCutOff_AreRefusedAndKept()
    {
        new BlockJournal(Path).Change(noted => noted.With(s_breakpoint));
        byte[] whole = File.ReadAllBytes(Path);
        for (int length = 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Assert.Contains("is damaged", Assert.Throws<IOException>(() => new BlockJournal(Path).Read()).Message);
            Assert.Throws<IOException>(() => new BlockJournal(Path).Change(_ => BlockJournalState.Empty));
            Assert.Equal(whole[..length], File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void Notes_OfAnotherKind_AreLeftOut()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(
            Path,
            """
            {"filters": [1, {"node": "n", "drive": "d", "rules": [{"event": "e", "errno": -1},
                                                              {"event": "e", "errno": 5}]},
                         {"node": 2}],
             "breakpoints": [{"tag": "A", "qemuTag": "osprey-00c0ffee-A\" quit", "event": "e", "drive": "d"},
                             {"tag": "B", "qemuTag": "osprey-00c0ffee-B", "event": "e", "drive": "d"}], "more": {}}
            """
        );
        BlockJournalState read = new BlockJournal(Path).Read();
        Assert.Equal([new InjectRule("e", 5)], read.Filters.Single().Rules);
        Assert.Equal(["B"], read.Breakpoints.Select(item => item.Tag));
    }

    [Fact]
    public void Files_OfQemusThatEnded_AreDeleted()
    {
        string ended = System.IO.Path.Combine(_folder, "deeper", $"{int.MaxValue}-7");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(ended, "");
        File.SetLastWriteTimeUtc(ended, DateTime.UtcNow.AddDays(-2));
        new BlockJournal(Path).Change(noted => noted.With(s_breakpoint));
        Assert.False(File.Exists(ended));
        Assert.True(File.Exists(Path));
    }
}
