using System.Globalization;
using Osprey.Symbols;
using Osprey.Target.Unwinding;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Unwinding;

/// <summary>Functions that left the stack by a jump, with gdb to say which are certain.</summary>
public sealed class TailCallTests : IDisposable
{
    /// <summary>The ways to the program's stop, and the functions that are certain to have jumped.</summary>
    private static readonly (string Mode, string Jumped)[] s_modes =
    [
        ("one", "third second first"),
        ("inlined", "third second inlined around"),
        ("end", "third"),
        ("beginning", "third to_split"),
        ("apart", ""),
        ("round", ""),
        ("pointer", ""),
        ("indirect", ""),
        ("file", "third second hidden other_file"),
        ("none", ""),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [ToolTheory("gcc", "clang", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("gcc", "-O2 -gdwarf-5", true)]
    [InlineData("gcc", "-O2 -gdwarf-4 -no-pie", true)]
    [InlineData("gcc", "-O2 -gdwarf-5 -gsplit-dwarf", true)]
    [InlineData("clang", "-O2 -gdwarf-5", false)] // gdb does not know the jumps that clang notes
    public void Frames_OfTailCalls_AreGdbs(string compiler, string options, bool gdbKnowsJumps)
    {
        string program = Path.Combine(_folder, "program");
        string[] sources = ["tailcalls.c", "tailcalls-other.c"];
        Tools.Run(
            compiler,
            [
                .. options.Split(' '),
                "-o",
                program,
                .. sources.Select(source => Path.Combine(GdbComparison.Programs, source)),
            ],
            folder: _folder
        );
        string script = Path.Combine(_folder, "tailcalls.py");
        File.WriteAllText(
            script,
            File.ReadAllText(Path.Combine(GdbComparison.Programs, "tailcalls.py"))
                .Replace("@FOLDER@", _folder, StringComparison.Ordinal)
                .Replace("@MODES@", string.Join(' ', s_modes.Select(item => item.Mode)), StringComparison.Ordinal)
        );
        Tools.Run("gdb", ["-nx", "-batch", "-x", script, program], folder: _folder);

        foreach ((string mode, string jumped) in s_modes)
            Compare(program, mode, jumped, gdbKnowsJumps);
    }

    [Fact]
    public void Search_WithWaysThatShareNothing_FindsNothing()
    {
        var search = new TailCallSearch(0);
        Take(search, 1, 2);
        Assert.True(search.Accept());
        Assert.Equal([Jump(2), Jump(1)], search.Result);
        Drop(search, 2);

        Take(search, 1, 3, 2);
        Assert.True(search.Accept());
        Assert.Equal([Jump(2), Jump(1)], search.Result);
        Drop(search, 3);

        Take(search, 4, 2);
        Assert.True(search.Accept());
        Assert.Equal([Jump(2)], search.Result);
        Assert.False(search.Enter(Jump(4)));
        Drop(search, 2);

        Take(search, 5);
        Assert.False(search.Accept());
        Assert.Empty(search.Result);
        Assert.Equal(8, search.Count);
    }

    private static TailCall Jump(ulong address) => new(address, true);

    private static void Take(TailCallSearch search, params ReadOnlySpan<ulong> jumps)
    {
        foreach (ulong jump in jumps)
            Assert.True(search.Enter(Jump(jump)));
    }

    private static void Drop(TailCallSearch search, int count)
    {
        for (int i = 0; i < count; i++)
            search.Leave();
    }

    private void Compare(string program, string mode, string jumped, bool gdbKnowsJumps)
    {
        using var core = new LinuxCore(Path.Combine(_folder, mode + ".core"), path => path);
        Backtrace trace = new Unwinder(core.Modules, core).Unwind(core.Registers);
        using var symbols = new Symbolizer(new SymbolizerOptions { UseCache = false });
        symbols.AddElf(program, core.Modules.FindModule(trace.Frames[0].Address.Lookup)!.Bias);
        IReadOnlyList<BacktraceRow> rows = new BacktraceSymbols(symbols).Expand(trace);

        Assert.Equal(
            $"{mode}: {jumped}",
            $"{mode}: {string.Join(' ', rows.Where(IsJump).Select(row => row.Function))}"
        );
        Assert.All(rows.Where(IsJump), row => Assert.NotNull(row.Line));

        // gdb leaves out the function around an inlined one that jumped.
        string[] expected = File.ReadAllLines(Path.Combine(_folder, mode + ".frames"));
        string[] actual =
        [
            .. rows.TakeWhile((row, i) => i == 0 || rows[i - 1].Function != "main")
                .Where(row => !IsJump(row) || (gdbKnowsJumps && row.Function != "around"))
                .Select(Describe),
        ];
        Assert.Equal([$"mode {mode}", .. expected], [$"mode {mode}", .. actual]);
    }

    private static bool IsJump(BacktraceRow row) => row.Origin == FrameOrigin.TailCall;

    private static string Describe(BacktraceRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Address:x} {row.Function}:{row.Line}")
        + (IsJump(row) ? " jumps" : "");
}
