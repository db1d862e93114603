using Osprey.Binary.Dwarf.Expression;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Variables;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Unwinding;

public sealed class FrameExpressionContextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Locate_EachKindOfLocation_IsFound()
    {
        var registers = new RegisterSet(X64Architecture.Instance)
        {
            [X64Register.Rip] = 0x51_0010,
            [X64Register.Rbp] = 0x7100,
            [X64Register.Rbx] = 5,
        };
        var frame = new StackFrame(new FrameAddress(0x51_0010, true), registers, 0x7200, FrameOrigin.Start);
        var context = new FrameExpressionContext(frame, new FakeStack(), new LoadBias(0x50_0000))
        {
            FrameBase = new VariableLocation.Expression(new byte[] { 0x56 }),
            ThreadLocals = offset => offset == 8 ? 0x9008 : null,
            ObjectAddress = 0x7300,
        };
        var list = new VariableLocation.List([
            new LocationRange(0x1_0000, 0x1_0010, new byte[] { 0x53 }),
            new LocationRange(0x1_0010, 0x1_0020, new byte[] { 0x51 }),
        ]);

        Assert.Equal(new ValueLocation.Memory(0x50_1234), Locate(new VariableLocation.Static(0x1234)));
        Assert.Equal(new ValueLocation.Memory(0x9008), Locate(new VariableLocation.ThreadLocal(8)));
        Assert.Equal(
            new ValueLocation.Unavailable("the thread's storage is not known"),
            Locate(new VariableLocation.ThreadLocal(9))
        );
        Assert.Equal(
            new ValueLocation.Implicit(new byte[] { 1, 2 }),
            Locate(new VariableLocation.Constant(new byte[] { 1, 2 }))
        );
        Assert.Equal(
            new ValueLocation.OptimizedOut("debug info does not say where it is"),
            Locate(VariableLocation.None.Instance)
        );
        Assert.Equal(new ValueLocation.Register(3), Locate(list));
        Assert.Equal(new ValueLocation.Memory(0x70f0), Locate(0x91, 0x70)); // fbreg -16
        Assert.Equal(new ValueLocation.Memory(0x7200), Locate(0x9c)); // call_frame_cfa
        Assert.Equal(new ValueLocation.Memory(0x7300), Locate(0x97)); // push_object_address
        Assert.Equal(new ValueLocation.Memory(0x50_0100), Locate(0x03, 0, 1, 0, 0, 0, 0, 0, 0));
        Assert.Equal(new ValueLocation.Memory(8), Locate(0x73, 3)); // breg3 3
        Assert.Equal(new ValueLocation.Unavailable("r12 is not known"), Locate(0x7c, 3));
        Assert.Equal(new ValueLocation.Unavailable("address 1 of its unit is not known"), Locate(0xa1, 1));
        Assert.IsType<ValueLocation.OptimizedOut>(Locate(0xa3, 1, 0x55, 0x9f));

        ValueLocation Locate(params object[] what) =>
            Assert
                .Single(
                    context.Locate(
                        what is [VariableLocation location]
                            ? location
                            : new VariableLocation.Expression(what.Select(Convert.ToByte).ToArray())
                    )
                )
                .Location;
    }

    [Fact]
    public void Locate_FrameBaseThatNeedsItself_IsUnavailable()
    {
        var frame = new StackFrame(
            new FrameAddress(0x1010, false),
            new RegisterSet(X64Architecture.Instance),
            null,
            FrameOrigin.Start
        );
        var context = new FrameExpressionContext(frame, new FakeStack(), LoadBias.None)
        {
            FrameBase = new VariableLocation.Expression(new byte[] { 0x91, 0 }),
        };

        LocationPiece piece = Assert.Single(context.Locate(new VariableLocation.Expression(new byte[] { 0x91, 8 })));

        Assert.Equal(new ValueLocation.Unavailable("the frame's base is not known"), piece.Location);
    }

    [Fact]
    public void Locate_ValueAtEntryWantedTwice_AsksTheCallerOnce()
    {
        int asked = 0;
        var frame = new StackFrame(
            new FrameAddress(0x1010, false),
            new RegisterSet(X64Architecture.Instance),
            null,
            FrameOrigin.Start
        );
        var context = new FrameExpressionContext(frame, new FakeStack(), LoadBias.None)
        {
            FindCaller = () =>
            {
                asked++;
                return null;
            },
        };

        // entry_value(rdi) + entry_value(rdi) as a value, in two variables
        var sum = new VariableLocation.Expression(new byte[] { 0xa3, 1, 0x55, 0xa3, 1, 0x55, 0x22, 0x9f });
        LocationPiece first = Assert.Single(context.Locate(sum));
        LocationPiece second = Assert.Single(context.Locate(sum));

        Assert.Equal(1, asked);
        Assert.Equal(
            new ValueLocation.OptimizedOut(
                "its value at the function's entry is not known: no debug info of the caller"
            ),
            first.Location
        );
        Assert.Equal(first, second);
    }

    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void EntryValuesAndNames_OfARealStack_AreThoseOfTheSource()
    {
        string program = Path.Combine(_folder, "program");
        Tools.Run(
            "g++",
            ["-O2", "-gdwarf-5", "-std=c++17", "-o", program, Path.Combine(GdbComparison.Programs, "entry.cc")],
            folder: _folder
        );
        new GdbComparison(_folder, program).Run(["entry"], 0);
        using var core = new LinuxCore(Path.Combine(_folder, "entry.core"), path => path);
        Backtrace trace = new Unwinder(core.Modules, core).Unwind(core.Registers);
        UnwindModule module = core.Modules.FindModule(trace.Frames[0].Address.Value)!;

        using var symbolizer = new Symbolizer(new SymbolizerOptions { UseCache = false });
        symbolizer.AddElf(program, module.Start);
        IReadOnlyList<BacktraceRow> rows = new BacktraceSymbols(symbolizer).Expand(trace);
        Assert.Equal(
            [
                "0 0 stop_here False 6",
                "1 1 leaf False 14",
                "2 2 inner True 20",
                "3 2 outer True 26",
                "4 2 middle False 33",
                "5 3 main False 39",
            ],
            rows.Take(6).Select(row => $"{row.Number} {row.FrameIndex} {row.Function} {row.IsInlined} {row.Line}")
        );
        Assert.Equal((program, trace.Frames[1].Address.Value - module.Start), (rows[1].Module, rows[1].ModuleOffset));

        using TypeCatalog types = TypeCatalog.Open(program, new SymbolizerOptions { UseCache = false });
        FrameExpressionContext libc = Make(4, null, null);
        FrameExpressionContext main = Make(3, Find("main"), libc);
        FrameExpressionContext middle = Make(2, Find("middle"), main);
        FrameExpressionContext leaf = Make(1, Find("leaf"), middle);
        // entry_value(rdi), stack_value
        var first = new VariableLocation.Expression(new byte[] { 0xa3, 1, 0x55, 0x9f });

        Assert.Equal(new ValueLocation.Value(42), Assert.Single(leaf.Locate(first)).Location);
        Assert.Equal(
            new ValueLocation.OptimizedOut(
                "its value at the function's entry is not known: no debug info of the caller"
            ),
            Assert.Single(middle.Locate(first)).Location
        );
        Assert.Equal(
            new ValueLocation.OptimizedOut(
                "its value at the function's entry is not known: the caller does not call it directly"
            ),
            Assert.Single(Make(1, Find("main"), middle).Locate(first)).Location
        );
        Assert.Equal(
            new ValueLocation.OptimizedOut(
                "its value at the function's entry is not known: the caller does not say what it passes"
            ),
            Assert.Single(leaf.Locate(new VariableLocation.Expression(new byte[] { 0xa3, 1, 0x52, 0x9f }))).Location
        );

        FunctionEntry Find(string name) =>
            types.FindScopes(module.Bias.ToLinkAddress(symbolizer.FindSymbol(name)!.Value))[^1].Function!;

        FrameExpressionContext Make(int index, FunctionEntry? function, FrameExpressionContext? caller) =>
            new(trace.Frames[index], core, module.Bias) { Function = function, FindCaller = () => caller };
    }
}
