using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Osprey.Tests.Cli;
using Osprey.Tests.Packets;
using Osprey.Tests.Probes.Tracing;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Probes;

/// <summary>Compares lists of probes with those of readelf and gdb.</summary>
public sealed partial class ProbeListTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-probes-").FullName;

    /// <summary>Files that have probes on many machines; those that are not there are left out.</summary>
    public static TheoryData<string> SystemFiles =>
        [
            "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
            "/usr/lib/x86_64-linux-gnu/libc.so.6",
            "/usr/lib64/ld-linux-x86-64.so.2",
            "/usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so",
            "/usr/lib/postgresql/15/bin/postgres",
            "/usr/bin/python3.11",
        ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolTheory("gcc", "g++", "readelf", "gdb")]
    [InlineData("operands.c", "")]
    [InlineData("operands.c", "-O2")]
    [InlineData("operands.c", "-O0")]
    [InlineData("operands.c", "-no-pie")]
    [InlineData("sites.cc", "-O2")]
    [InlineData("forks.c", "-static")]
    public void List_OfACompiledProgram_EqualsReadelfAndGdb(string source, string option)
    {
        string program = TracedProgram.Compile(source, _folder, option.Length == 0 ? [] : [option]);
        Assert.NotEqual(0, CompareWithReadelf(program));
        CompareWithGdb(program);
    }

    [ToolTheory("readelf", "gdb")]
    [Trait("Category", "Slow")]
    [MemberData(nameof(SystemFiles))]
    public void List_OfAFileOfTheSystem_EqualsReadelfAndGdb(string path)
    {
        if (!File.Exists(path))
            return;

        if (CompareWithReadelf(path) > 0)
            CompareWithGdb(path);
    }

    [ToolFact("gcc")]
    public void List_OfACompiledProgram_IsATable()
    {
        string program = TracedProgram.Compile("operands.c", _folder);
        CommandRun run = CommandRun.Of("probes", "list", program, "--no-debug-info");
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
        // Which registers the compiler takes is its own affair, and how wide that makes the columns.
        GoldenFile.Verify(Blanks().Replace(Operands().Replace(run.Text, "OPERAND"), "  "));
    }

    [ToolFact("gcc")]
    public void List_OfAProcess_HasTheStateOfSemaphores()
    {
        using var program = new TracedProgram("operands.c");
        string id = program.Id.ToString(CultureInfo.InvariantCulture);
        Assert.Matches("t:guarded +1  off ", CommandRun.Of("probes", "list", id, "t:*").Text);
        using (var trace = new TraceProcess(_folder, id, "t:guarded", "--backend", "ptrace"))
        {
            Assert.Matches("t:guarded +1  on \\(1\\) ", CommandRun.Of("probes", "list", id, "t:*").Text);
            trace.Signal("INT");
            trace.Finish();
        }

        Assert.Matches("t:guarded +1  off ", CommandRun.Of("probes", "list", id, "guarded").Text);
    }

    [ToolFact("gcc")]
    public void List_WithATapset_HasItsNames()
    {
        string program = TracedProgram.Compile("operands.c", _folder);
        string tapset = Path.Combine(_folder, "t.stp");
        File.WriteAllText(
            tapset,
            """probe t.s = process("x").provider("t").mark("strings") { one = user_string($arg1); two = $arg2; }"""
        );
        CommandRun run = CommandRun.Of("probes", "list", program, "t:strings", "--tapset", tapset, "--no-debug-info");
        Assert.Matches("one=char\\* %\\w+, two=uint64_t %\\w+, uint64_t text\\(%rip\\)", run.Text);
    }

    [Fact]
    public void List_OfWhatIsNotThere_SaysSo()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "no program");
        Assert.Equal($"osprey: {path}+0x0: this is not an ELF file\n", Fail(path));
        Assert.Equal($"osprey: {_folder}/none: there is no such file\n", Fail(Path.Combine(_folder, "none")));
        Assert.Equal("osprey: there is no process 4194305\n", Fail("4194305"));
        Assert.Equal($"osprey: {path}: there is no alias of a static probe in it\n", Fail(Program(), "--tapset", path));
        Assert.Equal($"osprey: no static probe in {Program()} is named x:y\n", Fail(Program(), "x:y"));
    }

    private static string Fail(params string[] words)
    {
        CommandRun run = CommandRun.Of(["probes", "list", .. words]);
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        return run.Messages.Replace("+0x0: there is", ": there is");
    }

    private static string Program() =>
        Path.Combine(AppContext.BaseDirectory, "Osprey.Tests.dll") is var path && File.Exists("/bin/true")
            ? "/bin/true"
            : path;

    /// <summary>Compares each note's provider, name, location, base, semaphore and arguments.</summary>
    /// <returns>The number of notes.</returns>
    private static int CompareWithReadelf(string path)
    {
        string text = Tools.Run("readelf", ["-n", "-W", path]);
        string[] expected =
        [
            .. Notes()
                .Matches(text)
                .Select(note => string.Join(' ', note.Groups.Values.Skip(1).Select(group => group.Value.Trim())))
                .Order(StringComparer.Ordinal),
        ];
        var actual = new List<string>();
        foreach (JsonElement probe in List(path))
        {
            foreach (JsonElement site in probe.GetProperty("sites").EnumerateArray())
                actual.Add(
                    $"{probe.GetProperty("provider")} {probe.GetProperty("name")} {Wide(site, "notedLocation")} "
                        + $"{Wide(site, "notedBase")} {Wide(site, "notedSemaphore")} "
                        + site.GetProperty("notedArguments")
                );
        }

        Assert.Equal(expected, actual.Order(StringComparer.Ordinal));
        return actual.Count;
    }

    /// <summary>Compares each site with gdb's table, which has addresses after corrections.</summary>
    private static void CompareWithGdb(string path)
    {
        string text = Tools.Run("gdb", ["-nx", "-batch", "-ex", "info probes stap", path]);
        string[] expected =
        [
            .. text.Split('\n')
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is ["stap", ..])
                .Select(words => string.Join(' ', words[1..(words[4].StartsWith("0x") ? 5 : 4)]))
                .Order(StringComparer.Ordinal),
        ];
        string[] actual =
        [
            .. List(path)
                .SelectMany(probe =>
                    probe
                        .GetProperty("sites")
                        .EnumerateArray()
                        .Select(site =>
                        {
                            string semaphore = probe.GetProperty("semaphoreLinkAddress")
                                is { ValueKind: JsonValueKind.String } place
                                ? " " + Wide(place)
                                : "";
                            return $"{probe.GetProperty("provider")} {probe.GetProperty("name")} "
                                + $"{Wide(site, "linkAddress")}{semaphore}";
                        })
                )
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(expected, actual);
    }

    private static JsonElement[] List(string path)
    {
        CommandRun run = CommandRun.Of("probes", "list", path, "--json", "--no-debug-info");
        Assert.Equal(0, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Text);
        return [.. document.RootElement.Clone().GetProperty("probes").EnumerateArray()];
    }

    private static string Wide(JsonElement site, string name) => Wide(site.GetProperty(name));

    private static string Wide(JsonElement address) =>
        $"0x{ulong.Parse(address.GetString()![2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture):x16}";

    [GeneratedRegex(
        @"Provider: (.*)\n\s+Name: (.*)\n\s+Location: (\w+), Base: (\w+), Semaphore: (\w+)\n\s+Arguments:(.*)"
    )]
    private static partial Regex Notes();

    [GeneratedRegex(@"(?<=_t |float |double |\? )[^,\s]+(?:,%[^,\s]+,\d\))?")]
    private static partial Regex Operands();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Blanks();
}
