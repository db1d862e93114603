using Osprey.Binary;
using Osprey.Probes;
using Osprey.Probes.Names;
using Osprey.Tests.Builders.Probes;

namespace Osprey.Tests.Probes.Names;

/// <summary>Tests the names out of tapsets and QEMU's lists of events.</summary>
public sealed class ArgumentNameTests
{
    private const string Tapset = """
        /* probe never.mind = process("x").mark("query__start") { wrong = $arg1; } */
        # probe never.mind2 = process("x").mark("query__start") { wrong = $arg1; }
        probe pg.query.start = process("/usr/bin/postgres").provider("postgresql").mark("query__start")
        {
            name = "query_start"; // probe not.this = x { }
            query = user_string($arg1);
            raw = $arg1
            length = $arg2;
            sum = $arg3 + 1;
            ids = sprintf("%d { }", $arg4);
            argstr = sprintf("%s", query)
        }
        probe app.both = process("a").mark("one"), process("b").mark("two-three") {
            who = user_string_n($arg2, $arg3);
            when = $arg1;
        }
        probe app.other = process("a").provider("other").mark("same") { first = $arg1; }
        probe app.another = process("a").provider("app").mark("same") { second = $arg1; }
        """;

    private const string Events = """
        # See docs/devel/tracing.rst for syntax documentation.
        # virtio.c
        virtio_queue_notify(void *vdev, int n, void *vq) "vdev %p n %d vq %p"
        disable qemu_mutex_lock(void *mutex, const char *file, const int line) "waiting on mutex %p (%s:%d)"
        vcpu guest_mem(uint64_t vaddr,char  * what,unsigned)
        nothing(void) ""
        broken(
        """;

    [Theory]
    [InlineData("postgresql", "query__start", 4, "query*, length, -, -")]
    [InlineData("postgresql", "query__start", 1, "query*")]
    [InlineData("app", "one", 3, "when, who*, -")]
    [InlineData("app", "two__three", 2, "when, who*")]
    [InlineData("app", "same", 1, "second")]
    [InlineData("other", "same", 1, "first")]
    [InlineData("third", "same", 1, null)]
    [InlineData("mysql", "query__start", 4, null)]
    [InlineData("app", "none", 1, null)]
    public void Tapset_GivesNamesAndTexts(string provider, string name, int count, string? expected)
    {
        var names = new TapsetNames();
        names.AddText(Tapset);
        Assert.Equal(5, names.Count);
        Assert.Equal(expected, Find(names, provider, name, count));
    }

    [Theory]
    [InlineData("user_string_n($arg1, $arg2)", 2, null)]
    [InlineData("user_string_n_quoted($arg1,$arg2)", 2, null)]
    [InlineData("user_string_n($arg1, 16)", null, 16)]
    [InlineData("user_string($arg1)", null, null)]
    [InlineData("user_string2($arg1, \"none\")", null, null)]
    public void Tapset_GivesTheLengthsOfTexts(string call, int? argument, int? most)
    {
        var names = new TapsetNames();
        names.AddText($$"""probe a.b = process("a").mark("m") { text = {{call}}; }""");
        using var source = new MemoryByteSource(
            "a",
            new ProbeElfBuilder().Add("a", "m", ProbeElfBuilder.CodeAddress, 0, 0, "8@%rdi 8@%rsi").Build()
        );
        ProbeFile file = ProbeFile.Read(source, "a");
        Assert.Equal(
            new ArgumentName("text", IsText: true) { LengthArgument = argument, MaxLength = most },
            names.Find(file, file.Probes[0], file.Probes[0].Sites[0])![0]
        );
    }

    [Theory]
    [InlineData("virtio_queue_notify", 3, "vdev, n, vq")]
    [InlineData("qemu_mutex_lock", 3, "mutex, file*, line")]
    [InlineData("guest_mem", 3, "vaddr, what*, -")]
    [InlineData("nothing", 0, "")]
    [InlineData("broken", 0, null)]
    [InlineData("other", 1, null)]
    public void TraceEvents_GiveNamesAndTexts(string name, int count, string? expected)
    {
        var names = new TraceEventNames();
        names.AddText(Events);
        Assert.Equal(4, names.Count);
        Assert.Equal(expected, Find(names, "qemu", name, count));
        Assert.Null(Find(names, "postgresql", name, count));
    }

    [Fact]
    public void List_TakesTheFirstName_AndAnyWordThatItIsText()
    {
        var events = new TraceEventNames();
        events.AddText("e(int a, char *b, int)");
        var tapset = new TapsetNames();
        tapset.AddText("probe x = process(\"q\").mark(\"e\") { one = user_string($arg1); three = $arg3; }");
        Assert.Equal("a*, b*, three, -", Find(new ArgumentNameList([events, tapset]), "qemu", "e", 4));
        Assert.Equal("-, -", Find(ArgumentNameList.None, "qemu", "e", 2));
    }

    /// <summary>Whatever is in such a file takes bounded time and gives names or none.</summary>
    [Fact]
    public void Files_OfAnyText_NeverFail()
    {
        string[] words =
        [
            "probe ",
            "a.b",
            " = ",
            "process(\"",
            "\")",
            ".mark(\"m\")",
            "{",
            "}",
            "$arg1",
            ";",
            "user_string(",
            ")",
            "/*",
            "*/",
            "\n",
            "\"",
            "\\",
            "#",
            "x",
        ];
        var random = new Random(3);
        for (int round = 0; round < 3000; round++)
        {
            string text = string.Concat(
                Enumerable.Range(0, random.Next(60)).Select(_ => words[random.Next(words.Length)])
            );
            new TapsetNames().AddText(text);
            new TraceEventNames().AddText(text.Replace("{", "(", StringComparison.Ordinal));
        }

        var names = new TapsetNames();
        names.AddText(string.Concat(Enumerable.Repeat("probe a.b = \"", 20_000)));
        names.AddText("probe a = " + new string('(', 200_000));
        Assert.Equal(0, names.Count);
    }

    private static string? Find(IArgumentNames names, string provider, string name, int count)
    {
        string arguments = string.Join(' ', Enumerable.Repeat("8@%rdi", count));
        using var source = new MemoryByteSource(
            "a.out",
            new ProbeElfBuilder().Add(provider, name, ProbeElfBuilder.CodeAddress, 0, 0, arguments).Build()
        );
        ProbeFile file = ProbeFile.Read(source, "a.out");
        Probe probe = file.Probes[0];
        return names.Find(file, probe, probe.Sites[0]) is { } found
            ? string.Join(", ", found.Select(item => (item.Name ?? "-") + (item.IsText ? "*" : "")))
            : null;
    }
}
