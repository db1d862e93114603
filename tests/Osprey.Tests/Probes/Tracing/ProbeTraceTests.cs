using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Probes.Processes;
using Osprey.Tests.Cli;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Probes.Tracing;

/// <summary>Compares the hits that are told with what programs say themselves, for each way to trace.</summary>
public sealed partial class ProbeTraceTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("osprey-state-").FullName;

    public static TheoryData<string> Backends => UprobesFactAttribute.AreAllowed ? ["ptrace", "kernel"] : ["ptrace"];

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [ToolTheory("gcc", "g++")]
    [MemberData(nameof(Backends))]
    public void Trace_OfAllOperands_HasTheValuesThatTheProgramPrints(string backend)
    {
        using var program = new TracedProgram("operands.c");
        using var trace = Start(program, "t:*", backend, "--no-debug-info", "--count", "28");
        List<string> printed = [.. program.DoRound(), .. program.DoRound()];
        List<string> told = trace.FinishAsCalls();
        Assert.Equal("semaphore 1", printed.First(line => line.StartsWith("semaphore ")));
        List<string> expected = [.. printed.Where(line => line.StartsWith("t:")).Select(Rounded)];
        // The kernel can't fetch by an index, a segment or a vector register; it says so, and gives null.
        if (backend == "kernel")
            expected = [.. expected.Select(WithoutWhatUprobesCannot)];

        told.RemoveAll(line => line == "t:end()");
        Assert.Equal(expected, told.Select(OnlyText));
        Assert.Equal("semaphore 0", program.DoRound()[^1]);
        AssertUntouched(program);
    }

    [ToolTheory("gcc", "g++")]
    [MemberData(nameof(Backends))]
    public void Trace_OfTemplatesAndInlinedFunctions_NamesArgumentsByDebugInfo(string backend)
    {
        using var program = new TracedProgram("sites.cc");
        using var trace = Start(program, "u:*", backend, "--count", "87");
        List<string> printed = program.DoRound();
        List<string> told = trace.FinishAsCalls();
        Assert.Equal(printed.Select(WithoutNames), told.Select(WithoutNames));
        // Where the compiler keeps the variables in the places that it told the assembler, they have names.
        Assert.Contains(told, line => line.EndsWith("what=name 5)", StringComparison.Ordinal));
        AssertUntouched(program);
    }

    [ToolTheory("gcc", "g++")]
    [MemberData(nameof(Backends))]
    public void Trace_WithStacks_EndsAtTheProgramsStart(string backend)
    {
        using var program = new TracedProgram("sites.cc");
        using TraceProcess trace = new(_state, [.. Words(program, "u:twice", backend), "--stack", "--count", "1"]);
        program.DoRound();
        List<string> lines = trace.Finish();
        Assert.EndsWith(" u:twice(arg1=-21)", Names().Replace(lines[0], "(arg1="));
        Assert.Equal([" > int twice<int>", " > main"], lines.Skip(1).Take(2).Select(line => line.Split('(')[0]));
        Assert.Equal(" > _start", lines[^1]);
    }

    [ToolTheory("gcc", "g++")]
    [MemberData(nameof(Backends))]
    public void Trace_OfLibstdcxx_HasThrowAndCatch(string backend)
    {
        using var program = new TracedProgram("sites.cc");
        if (
            !LoadedProbes.Find(TracedProcess.Find(program.Id), []).Any(loaded => loaded.File.Path.Contains("libstdc++"))
        )
            return; // linked without probes

        using var trace = Start(program, "libstdcxx:*", backend, "--no-debug-info", "--count", "2");
        program.DoRound();
        List<string> told = trace.FinishAsCalls();
        Assert.Equal(["libstdcxx:throw", "libstdcxx:catch"], told.Select(line => line.Split('(')[0]));
        // Both have the object and its type.
        Assert.Equal(Arguments(told[0])[..2], Arguments(told[1])[..2]);
    }

    [ToolTheory("gcc", "g++")]
    [MemberData(nameof(Backends))]
    public void Trace_OfThreadsForksAndSignals_HarmsNone(string backend)
    {
        using var program = new TracedProgram("forks.c");
        using var trace = Start(program, "f:hit", backend);
        for (int round = 0; round < 3; round++)
            Assert.Equal(["hits 800 signals 5 bad 0 semaphore 1 copied 0"], program.DoRound());

        trace.Signal("INT");
        List<string> told = trace.FinishAsCalls();
        Assert.Equal(2400, told.Count);
        Assert.All(told.GroupBy(line => line[line.IndexOf('(')..]), group => Assert.Equal(600, group.Count()));
        Assert.Equal(["hits 800 signals 5 bad 0 semaphore 0 copied 0"], program.DoRound());
        AssertUntouched(program);
    }

    [ToolTheory("gcc", "g++")]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Trace_EndedByASignal_UndoesAll(string signal)
    {
        using var program = new TracedProgram("operands.c");
        using var trace = Start(program, "t:*", "ptrace");
        program.DoRound();
        trace.Signal(signal);
        Assert.Equal(14, trace.Finish().Count);
        Assert.Equal("semaphore 0", program.DoRound()[^1]);
        AssertUntouched(program);
        Assert.DoesNotContain(Directory.EnumerateFiles(_state, "*", SearchOption.AllDirectories), IsJournal);
    }

    /// <summary>The program survives its tracer, and the next start puts it right.</summary>
    [ToolFact("gcc")]
    public void Trace_ThatIsKilled_IsUndoneByTheNextStart()
    {
        using var program = new TracedProgram("operands.c");
        program.DoRound(); // the C library handles a signal of its own from the first thread on
        ulong handled = ReadMask(program.Id);
        using var trace = Start(program, "t:*", "ptrace");
        program.DoRound();
        trace.Signal("KILL");
        trace.WaitForDeath();
        Assert.NotEqual(0, CountBreakpoints(program));
        Assert.Equal("semaphore 1", program.DoRound()[^1]);
        Assert.True(program.IsRunning);

        using var next = Start(program, "t:end", "ptrace", "--count", "1");
        Assert.Equal(
            $"osprey: note: process {program.Id}: a trace that was killed left 14 breakpoints and 1 raised semaphores "
                + "behind, which were undone",
            next.Messages[0]
        );
        program.DoRound();
        next.Finish();
        Assert.Equal("semaphore 0", program.DoRound()[^1]);
        Assert.Equal(handled, ReadMask(program.Id));
        AssertUntouched(program);
    }

    /// <summary>New threads have all signals blocked at first, SIGTRAP as well.</summary>
    [ToolFact("gcc")]
    public void Trace_OfAProgramThatStartsThreads_IsSurvivedWhenItIsKilled()
    {
        using var program = new TracedProgram("starts.c");
        for (int kill = 0; kill < 6; kill++)
        {
            using var trace = Start(program, "s:thread", "ptrace");
            program.DoRound();
            trace.Signal("KILL");
            trace.WaitForDeath();
            Assert.StartsWith("threads ", Assert.Single(program.DoRound()));
            Assert.True(program.IsRunning);
            Assert.DoesNotContain(trace.Messages, line => line.Contains("no handler", StringComparison.Ordinal));
        }
    }

    [ToolTheory("gcc")]
    [MemberData(nameof(Backends))]
    public void Trace_WithNames_CutsTextsAndCallsAnArgumentByOneName(string backend)
    {
        string tapset = Path.Combine(_state, "names.stp");
        File.WriteAllText(
            tapset,
            """
            probe x.s = process("x").provider("x").mark("slice")
            {
                part = user_string_n($arg1, $arg2);
                size = $arg2;
            }
            """
        );
        using var program = new TracedProgram("texts.c");
        using var trace = Start(program, "x:*", backend, "--tapset", tapset, "--count", "8");
        program.DoRound();
        Assert.Equal(
            [
                "x:slice(part=GET, size=3)",
                "x:slice(part=/index, size=6)",
                "x:slice(part=HTTP/1.1, size=100)",
                "x:number(value=-70)",
                "x:number(value=70)",
                "x:place(first=1)",
                "x:place(first=2)",
                "x:place(first=3)",
            ],
            trace.FinishAsCalls()
        );
    }

    /// <summary>
    /// The kernel takes its breakpoints out by itself, and lowers semaphores; the definitions of the events stay until
    /// the next start.
    /// </summary>
    [UprobesFact("gcc")]
    public void Trace_ByTheKernel_ThatIsKilled_LeavesTheProgramAsItWas()
    {
        using var program = new TracedProgram("operands.c");
        using var trace = Start(program, "t:*", "kernel");
        program.DoRound();
        Assert.NotEqual(0, CountBreakpoints(program));
        trace.Signal("KILL");
        trace.WaitForDeath();
        Assert.Equal("semaphore 0", program.DoRound()[^1]);
        AssertUntouched(program);

        using var next = Start(program, "t:end", "kernel", "--count", "1");
        program.DoRound();
        next.Finish();
        Assert.Equal("semaphore 0", program.DoRound()[^1]);
        AssertUntouched(program);
        Assert.DoesNotContain("osprey", File.ReadAllText(UprobesFactAttribute.EventsFile), StringComparison.Ordinal);
    }

    [ToolFact("gcc")]
    public void Trace_ToAFile_IsATraceThatAllCommandsRead()
    {
        using var program = new TracedProgram("operands.c");
        string path = Path.Combine(_state, "probes.trace");
        using (
            var trace = new TraceProcess(_state, Id(program), "t:*", "--backend", "ptrace", "-o", path, "--count", "14")
        )
        {
            program.DoRound();
            Assert.Empty(trace.Finish());
        }

        string list = CommandRun.Trace("list", path);
        Assert.Contains("t:registers", list);
        Assert.Contains("a=0x3, b=-1, c=65535, d=-128", list);
        Assert.Contains("known=\"plain\", unknown=\"round 1\", text=0x", list);
        Assert.Contains(" \"a text; with \"quotes\"\"\n", list);
        Assert.Contains("Collected 14 samples", CommandRun.Trace("summary", path));
        Assert.Contains("many", CommandRun.Trace("prof", path));
        Assert.Contains("\"t:registers\"", CommandRun.Trace("export --to chrome", path));
    }

    [ToolFact("gcc")]
    public void Trace_OfWhatIsNotThere_SaysSo()
    {
        using var program = new TracedProgram("operands.c");
        CommandRun run = CommandRun.Of("probes", "trace", Id(program), "t:none");
        Assert.Equal((1, "osprey: no static probe of the process is named t:none\n"), (run.ExitCode, run.Messages));
        run = CommandRun.Of("probes", "trace", "4194305", "*");
        Assert.Equal((1, "osprey: there is no process 4194305\n"), (run.ExitCode, run.Messages));
        run = CommandRun.Of("probes", "trace", "x", "*");
        Assert.Equal((2, "osprey: 'x' is not the id of a process\n"), (run.ExitCode, run.Messages));
        using var first = Start(program, "t:*", "ptrace");
        OspreyRun second = OspreyRun.Start(_state, "probes", "trace", Id(program), "t:many", "--backend", "ptrace");
        Assert.Equal(1, second.ExitCode);
        Assert.Matches(
            $"^osprey: (no site can be traced: .* in place of a NOP|process {program.Id} is being traced already, by "
                + "process \\d+)\n$",
            second.Errors
        );
        first.Signal("INT");
        first.Finish();
    }

    private TraceProcess Start(TracedProgram program, string glob, string backend, params string[] options) =>
        new(_state, [.. Words(program, glob, backend), "--json", .. options]);

    private static string[] Words(TracedProgram program, string glob, string backend) =>
        [Id(program), glob, "--backend", backend];

    private static string Id(TracedProgram program) => program.Id.ToString(CultureInfo.InvariantCulture);

    private static string WithoutNames(string line) => AllNames().Replace(Pointers().Replace(line, ""), "");

    private static string[] Arguments(string line) => line.Split('(')[1].TrimEnd(')').Split(", ");

    private static bool IsJournal(string path) => path.Contains("/osprey/probes/", StringComparison.Ordinal);

    /// <summary>Of an argument that is text, leaves the text alone, as the program prints it.</summary>
    private static string OnlyText(string line) =>
        line.StartsWith("t:strings", StringComparison.Ordinal) ? Pointers().Replace(line, "") : line;

    /// <summary>Numbers as they are in JSON.</summary>
    private static string Rounded(string line) =>
        line.StartsWith("t:floats", StringComparison.Ordinal)
            ? Fractions()
                .Replace(
                    line,
                    match =>
                        double.Parse(match.Value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
                )
            : line;

    private static string WithoutWhatUprobesCannot(string line) =>
        line.Split('(')[0] switch
        {
            "t:floats" => Regex.Replace(line, "arg1=.*, arg2=[^,]*,", "arg1=, arg2=,"),
            "t:memory" => Regex.Replace(line, "arg3=[^,]*", "arg3="),
            "t:segment" => "t:segment(arg1=)",
            _ => line,
        };

    /// <summary>The code of the program in memory is that of its file.</summary>
    private static void AssertUntouched(TracedProgram program) => Assert.Equal(0, CountBreakpoints(program));

    private static int CountBreakpoints(TracedProgram program)
    {
        byte[] file = File.ReadAllBytes(program.Path);
        using ProcessMemory memory = ProcessMemory.Open(program.Id);
        int different = 0;
        foreach (
            ProcessMapping mapping in TracedProcess
                .Find(program.Id)
                .ReadMappings()
                .Where(mapping => mapping.IsExecutable && mapping.Path == program.Path)
        )
        {
            byte[] code = new byte[Math.Min(mapping.End - mapping.Start, (ulong)file.Length - mapping.FileOffset)];
            Assert.Equal(code.Length, memory.Read(mapping.Start, code));
            ReadOnlySpan<byte> stored = file.AsSpan((int)mapping.FileOffset, code.Length);
            for (int i = 0; i < code.Length; i++)
                different += code[i] == stored[i] ? 0 : 1;
        }

        return different;
    }

    /// <summary>The signals that a process handles.</summary>
    private static ulong ReadMask(int processId) =>
        ulong.Parse(
            File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("SigCgt:"))[7..].Trim(),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture
        );

    [GeneratedRegex(@"\w+=\d+, (?=\w+\.text=)")]
    private static partial Regex Pointers();

    [GeneratedRegex(@"-?\d+\.\d+")]
    private static partial Regex Fractions();

    [GeneratedRegex(@"[\w.]+=")]
    private static partial Regex AllNames();

    [GeneratedRegex(@"\(\w+=")]
    private static partial Regex Names();
}
