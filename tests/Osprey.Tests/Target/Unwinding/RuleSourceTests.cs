using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;
using Osprey.Target.Unwinding.Rules;

namespace Osprey.Tests.Target.Unwinding;

/// <summary>Rules that an operating system gives, beside a module's call frame information.</summary>
public sealed class RuleSourceTests
{
    private static readonly UnwindRule s_at32 = new(X64Register.Rsp, 32, [new(X64Register.Rip, -8)]);

    [Fact]
    public void Unwind_CodeOfWhichAFileSaysNothing_GoesByTheRule() =>
        Assert.Equal(
            "1410 Start, 1050 UnwindTable, 1210 CallFrameInformation (end of stack)",
            Unwind(
                new FakeStack().At(0x1410, 0x7000).Word(0x7018, 0x1050).Word(0x7028, 0x1210),
                new Source { Rule = s_at32 }
            )
        );

    [Fact]
    public void Unwind_CodeOfWhichAFileSaysHow_GoesByTheFile() =>
        Assert.Equal(
            "1010 Start, 1210 CallFrameInformation (end of stack)",
            Unwind(
                new FakeStack().At(0x1010, 0x7000).Word(0x7008, 0x1210).Word(0x7018, 0x1050),
                new Source { Rule = s_at32 }
            )
        );

    [Fact]
    public void Unwind_CodeThatChangesStacks_GoesByTheRuleAlthoughAFileSaysHow() =>
        Assert.Equal(
            "1010 Start, 1050 UnwindTable (end of stack: outside)",
            Unwind(
                new FakeStack()
                    .At(0x1010, 0x7000)
                    .Word(0x7008, 0x1210)
                    .Word(0x7010, 0x7100)
                    .Word(0x70f8, 0x1050)
                    .Word(0x7110, 0x7200),
                new Source
                {
                    Rule = new UnwindRule(X64Register.Rsp, 16, [new(X64Register.Rip, -8)])
                    {
                        IndirectOffset = 0,
                        SwitchesStack = true,
                    },
                    OutsideAt = 0x7200,
                }
            )
        );

    [Theory]
    [InlineData(
        0x1500UL,
        "1500 Start, 1050 ReturnAddress, 1210 CallFrameInformation (end of stack; frame 1: found by the return "
            + "address on top of the stack, less certain)"
    )]
    [InlineData(0x1700UL, "1500 Start (end of stack)")]
    public void Unwind_CodeThatACallLedTo_IsNoBeginning(ulong target, string expected) =>
        Assert.Equal(
            expected,
            Unwind(
                new FakeStack().At(0x1500, 0x7000).Word(0x7000, 0x1050).Call(0x1050, target).Word(0x7010, 0x1210),
                new Source { Rule = UnwindRule.Outermost }
            )
        );

    [Fact]
    public void Unwind_RuleOfARegisterThatIsNotKnown_TriesOtherWaysAndSaysWhy()
    {
        var source = new Source { Rule = s_at32 with { Base = X64Register.R10 }, Problem = "half a table" };
        Assert.Equal(
            "1410 Start (the caller of 0x1410 can't be computed: r10 is not known; half a table)",
            Unwind(new FakeStack().At(0x1410, 0x7000), source)
        );
    }

    [Fact]
    public void Unwind_RuleThatCountsFromTheFramePointer_KeepsWhatIsUnchanged()
    {
        var rule = new UnwindRule(X64Register.Rbp, 0, [new(X64Register.Rip, 8, X64Register.Rbx)])
        {
            Unchanged = [X64Register.Rbp],
            IsReturnAddress = false,
        };
        FakeStack stack = new FakeStack()
            .At(0x1410, 0x7000)
            .With(X64Register.Rbp, 0x7300)
            .With(X64Register.Rbx, 0x7400)
            .Word(0x7408, 0x1200);
        Backtrace trace = Run(stack, new Source { Rule = rule });
        Assert.Equal(
            (0x1200UL, false, 0x7300UL, 0x7300UL, null),
            (
                trace.Frames[1].Address.Value,
                trace.Frames[1].Address.IsReturnAddress,
                trace.Frames[1].Registers[X64Register.Rsp],
                trace.Frames[1].Registers[X64Register.Rbp],
                trace.Frames[1].Registers[X64Register.Rbx]
            )
        );
    }

    private static string Unwind(FakeStack stack, Source source)
    {
        Backtrace trace = Run(stack, source);
        return string.Join(", ", trace.Frames.Select(frame => $"{frame.Address.Value:x} {frame.Origin}"))
            + $" ({string.Join("; ", [trace.End.ToString(), .. trace.Notes])})";
    }

    private static Backtrace Run(FakeStack stack, Source source) =>
        new Unwinder(new UnwindModuleList(stack.BuildModules().Modules, source), stack).Unwind(stack.Registers);

    /// <summary>One rule for all code.</summary>
    private sealed class Source : IUnwindRuleSource
    {
        public UnwindRule? Rule { get; init; }

        public string? Problem { get; init; }

        /// <summary>The stack pointer of a caller that is outside.</summary>
        public ulong OutsideAt { get; init; }

        public UnwindRule? FindRule(ulong address) => Rule;

        public IEnumerable<UnwindRange> ListRanges() => [];

        public string? DescribeOutside(RegisterSet caller) => caller.StackPointer == OutsideAt ? "outside" : null;
    }
}
