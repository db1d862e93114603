using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;

namespace Osprey.Tests.Target.Unwinding;

public sealed class UnwinderTests
{
    [Fact]
    public void Unwind_Calls_EndAtTheOutermost()
    {
        Backtrace trace = new FakeStack()
            .At(0x1010, 0x7000)
            .With(X64Register.Rbx, 7)
            .With(X64Register.Rax, 9)
            .Word(0x7008, 0x1050)
            .Word(0x7018, 0x1210)
            .Unwind();

        Assert.Equal(
            "1010 sp=7000 cfa=7010 Start | 1050! sp=7010 cfa=7020 CallFrameInformation | 1210! "
                + "sp=7020 cfa=7028 CallFrameInformation | end of stack",
            Describe(trace)
        );
        Assert.Equal(
            (7UL, null),
            (trace.Frames[1].Registers[X64Register.Rbx], trace.Frames[1].Registers[X64Register.Rax])
        );
        Assert.True(trace.End.IsComplete);
        Assert.Empty(trace.Notes);
    }

    [Fact]
    public void Unwind_Interrupt_GoesOnAtTheSavedStackAndInstruction()
    {
        Backtrace trace = new FakeStack()
            .At(Interrupt, 0x7800)
            .Word(0x7808, 0x1000)
            .Word(0x7820, 0x7100)
            .Word(0x7800 - 8, 0x99)
            .Word(0x7108, 0x1210)
            .Unwind();

        Assert.Equal(
            "1100 sp=7800 cfa=7800 Start | 1000 sp=7100 cfa=7110 CallFrameInformation | 1210! "
                + "sp=7110 cfa=7118 CallFrameInformation | end of stack",
            Describe(trace)
        );
        Assert.Equal(0x99UL, trace.Frames[1].Registers[X64Register.Rbp]);
    }

    [Theory]
    [InlineData(0UL, "1010 sp=7000 cfa=7010 Start | end of stack: return address 0")]
    [InlineData(0x8000_0000_0000UL, "1010 sp=7000 cfa=7010 Start | return address 0x800000000000 is not canonical")]
    [InlineData(
        0x5000UL,
        "1010 sp=7000 cfa=7010 Start | 5000! sp=7010 cfa= CallFrameInformation | no call frame "
            + "information at 0x5000, and the frame pointer is not sane"
    )]
    [InlineData(
        0x4010UL,
        "1010 sp=7000 cfa=7010 Start | 4010! sp=7010 cfa= CallFrameInformation | return address 0x4010 is not in code"
    )]
    public void Unwind_BadReturnAddress_SaysSo(ulong returnAddress, string expected) =>
        Assert.Equal(expected, Describe(new FakeStack().At(0x1010, 0x7000).Word(0x7008, returnAddress).Unwind()));

    [Fact]
    public void Unwind_StackThatCannotBeRead_SaysWhere() =>
        Assert.Equal(
            "1010 sp=9000 cfa=9010 Start | unreadable stack at 0x9008",
            Describe(new FakeStack().At(0x1010, 0x9000).Unwind())
        );

    [Fact]
    public void Unwind_FrameOfARegisterThatIsNotKnown_SaysSo() =>
        Assert.Equal(
            "1300 sp=7000 cfa= Start | the caller of 0x1300 can't be computed: rbx is not known",
            Describe(new FakeStack().At(0x1300, 0x7000).Unwind())
        );

    [Fact]
    public void Unwind_NothingKnown_HasNoFrames()
    {
        Assert.Equal(" | program counter or stack pointer not known", Describe(new FakeStack().Unwind()));
        Assert.Equal(
            " | program counter or stack pointer not known",
            Describe(new FakeStack().With(X64Register.Rip, 0x1000).Unwind())
        );
    }

    [Fact]
    public void Unwind_InterruptThatReturnsToItself_IsACycle() =>
        Assert.Equal(
            "1100 sp=7800 cfa=7800 Start | the frame at 0x1100 came up before",
            Describe(new FakeStack().At(Interrupt, 0x7800).Word(0x7808, Interrupt).Word(0x7820, 0x7800).Unwind())
        );

    [Fact]
    public void Unwind_MoreFramesThanAskedFor_StopsThere()
    {
        FakeStack stack = new FakeStack().At(0x1010, 0x7000);
        for (ulong place = 0x7008; place < 0x7f00; place += 16)
            stack.Word(place, 0x1050);

        Backtrace trace = stack.Unwind(new UnwinderOptions { MaxFrames = 5 });

        Assert.Equal((5, BacktraceEndKind.DepthLimit), (trace.Frames.Count, trace.End.Kind));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x6666_0000UL)]
    public void Unwind_JumpToNowhere_ReturnsToTheCall(ulong pc)
    {
        Backtrace trace = new FakeStack()
            .At(pc, 0x7000)
            .Word(0x7000, 0x1050)
            .Code(0x104e, 0xff, 0xd0)
            .Word(0x7010, 0x1210)
            .Unwind();

        Assert.Equal(
            $"{pc:x} sp=7000 cfa=7008 Start | 1050! sp=7008 cfa=7018 ReturnAddress | 1210! "
                + "sp=7018 cfa=7020 CallFrameInformation | end of stack",
            Describe(trace)
        );
        Assert.Equal(["frame 1: found by the return address on top of the stack, less certain"], trace.Notes);
    }

    [Theory]
    [InlineData(0UL, new byte[] { 0x55, 0x48, 0x89, 0xe5 })] // push %rbp; mov %rsp,%rbp
    [InlineData(0UL, new byte[] { 0xf3, 0x0f, 0x1e, 0xfa, 0x55 })] // endbr64
    [InlineData(0UL, new byte[] { 0xc3 })] // ret
    [InlineData(1UL, new byte[] { 0x55, 0x48, 0x89, 0xe5 })] // after the push
    public void Unwind_EntryOfAFunctionWithoutInformation_IsSeenByItsInstructions(ulong into, byte[] code)
    {
        FakeStack stack = new FakeStack()
            .At(0x1500 + into, 0x7100 - (into * 8))
            .With(X64Register.Rbp, 0x7200)
            .Code(0x1500, code)
            .Word(0x7100, 0x1650)
            .Call(0x1650, 0x1900)
            .Word(0x70f8, 0x7200)
            .Word(0x7200, 0x7300)
            .Word(0x7208, 0x1750)
            .Call(0x1750, 0x1640)
            .Word(0x7300, 0)
            .Word(0x7308, 0);

        Assert.Equal(
            $"{0x1500 + into:x} sp={0x7100 - (into * 8):x} cfa=7108 Start | 1650! sp=7108 "
                + "cfa=7210 ReturnAddress | 1750! sp=7210 cfa= FramePointer | end of stack: return "
                + "address 0",
            Describe(stack.Unwind())
        );
    }

    [Fact]
    public void Unwind_LeafOfHandWrittenCode_IsSeenByTheCallToIt()
    {
        // The chain of frame pointers alone would lose the frame at 0x1650.
        FakeStack stack = new FakeStack()
            .At(0x1520, 0x7100)
            .With(X64Register.Rbp, 0x7200)
            .Word(0x7100, 0x1650)
            .Call(0x1650, 0x1500)
            .Word(0x7200, 0)
            .Word(0x7208, 0x1210)
            .Call(0x1210, 0x1640);

        Assert.Equal(
            "1520 sp=7100 cfa=7108 Start | 1650! sp=7108 cfa=7210 ReturnAddress | 1210! "
                + "sp=7210 cfa=7218 FramePointer | end of stack",
            Describe(stack.Unwind())
        );
    }

    [Fact]
    public void Unwind_StubThatJumpsIntoAFunction_HasItsFrame()
    {
        // A function that left its frame pointer alone: going by frame pointers would lose the frame at 0x1650.
        FakeStack stack = new FakeStack()
            .At(0x1500, 0x7100)
            .With(X64Register.Rbp, 0x7200)
            .With(X64Register.Rbx, 3)
            .Code(0x1500, 0xb0, 0x00, 0x40, 0x30, 0xf6)
            .Jump(0x1505, 0x1410)
            .Jump(0x1410, 0x1010) // mov $0,%al; xor %sil,%sil
            .Word(0x7108, 0x1650)
            .Call(0x1650, 0x1000)
            .Word(0x7200, 0)
            .Word(0x7208, 0x1210)
            .Call(0x1210, 0x1640);

        Backtrace trace = stack.Unwind();

        Assert.Equal(
            "1500 sp=7100 cfa=7110 Start | 1650! sp=7110 cfa=7210 CallFrameInformation | 1210! "
                + "sp=7210 cfa=7218 FramePointer | end of stack",
            Describe(trace)
        );
        Assert.Equal(3UL, trace.Frames[1].Registers[X64Register.Rbx]);
    }

    [Theory]
    [InlineData(new byte[] { 0x50 })] // push %rax
    [InlineData(new byte[] { 0x48, 0x83, 0xec, 0x08 })] // sub $8,%rsp
    [InlineData(new byte[] { 0x31, 0xdb })] // xor %ebx,%ebx
    [InlineData(new byte[] { 0x49, 0x89, 0xe2 })] // mov %rsp,%r10
    [InlineData(new byte[] { 0x74, 0x00 })] // je
    [InlineData(new byte[] { 0xe8, 0, 0, 0, 0 })] // call
    [InlineData(new byte[] { 0x06 })] // no instruction
    [InlineData(new byte[] { 0xeb, 0xfe })] // jmp to itself
    public void Unwind_StubThatMayChangeTheFrame_IsNotFollowed(byte[] code)
    {
        FakeStack stack = new FakeStack()
            .At(0x1500, 0x7100)
            .With(X64Register.Rbp, 0x7200)
            .Code(0x1500, code)
            .Jump(0x1500 + (ulong)code.Length, 0x1010)
            .Word(0x7108, 0x1650)
            .Call(0x1650, 0x1000)
            .Word(0x7200, 0)
            .Word(0x7208, 0x1210)
            .Call(0x1210, 0x1640);

        Assert.Equal(
            "1500 sp=7100 cfa=7210 Start | 1210! sp=7210 cfa=7218 FramePointer | end of stack",
            Describe(stack.Unwind())
        );
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(8UL)]
    public void Unwind_EntryOfAnInterrupt_IsSeenByWhatTheProcessorPushed(ulong vector)
    {
        FakeStack stack = new FakeStack()
            .At(0x1500, 0x7800 - vector)
            .With(X64Register.Rax, 5)
            .Word(0x7800, 0x1010)
            .Word(0x7808, 8)
            .Word(0x7810, 0x202)
            .Word(0x7818, 0x7100)
            .Word(0x7820, 0x10)
            .Word(0x7108, 0x1210);
        if (vector != 0)
            stack.Word(0x77f8, 0x20);

        Backtrace trace = stack.Unwind();

        Assert.Equal(
            $"1500 sp={0x7800 - vector:x} cfa=7828 Start | 1010 sp=7100 cfa=7110 "
                + "InterruptFrame | 1210! sp=7110 cfa=7118 CallFrameInformation | end of stack",
            Describe(trace)
        );
        Assert.Equal(5UL, trace.Frames[1].Registers[X64Register.Rax]);
    }

    [Theory]
    [InlineData(0x7208UL, 0x1210UL)] // no call before the return address
    [InlineData(0x7208UL, 0x3010UL)] // not in code
    [InlineData(0x7000UL, 0UL)]
    public void Unwind_FramePointerToNoReturnAddress_IsNotBelieved(ulong place, ulong value)
    {
        Backtrace trace = new FakeStack()
            .At(0x1520, 0x7100)
            .With(X64Register.Rbp, place - 8)
            .Word(place, value)
            .Unwind();

        Assert.Equal(BacktraceEndKind.NoInformation, trace.End.Kind);
        Assert.Single(trace.Frames);
    }

    /// <summary>
    /// Checks code without rules in a program with rules, which is hand-written: by convention it marks where a stack
    /// begins.
    /// </summary>
    [Theory]
    [InlineData(0UL, BacktraceEndKind.ZeroFramePointer, true)]
    [InlineData(8UL, BacktraceEndKind.NoInformation, false)]
    [InlineData(null, BacktraceEndKind.NoInformation, false)]
    public void Unwind_CallerWithoutRulesAndAZeroFramePointer_IsTheOutermost(
        ulong? framePointer,
        BacktraceEndKind expected,
        bool isComplete
    )
    {
        FakeStack stack = new FakeStack().At(0x1010, 0x7000).Word(0x7008, 0x1520);
        Backtrace trace = (framePointer is { } value ? stack.With(X64Register.Rbp, value) : stack).Unwind();

        Assert.Equal((2, expected, isComplete), (trace.Frames.Count, trace.End.Kind, trace.End.IsComplete));
    }

    [Fact]
    public void Unwind_FramePointersNotWanted_AreNotUsed()
    {
        FakeStack stack = new FakeStack()
            .At(0x1520, 0x7100)
            .With(X64Register.Rbp, 0x7200)
            .Word(0x7208, 0x1210)
            .Call(0x1210, 0x1640);

        Assert.Equal(2, stack.Unwind().Frames.Count);
        Assert.Single(stack.Unwind(new UnwinderOptions { UseFramePointers = false }).Frames);
    }

    [Fact]
    public void Unwind_RandomStacks_EndWithinBounds()
    {
        var random = new Random(11);
        ulong[] code = [0x1010, 0x1100, 0x1110, 0x1210, 0x1310, 0x1500, 0x1650, 0x1750, 0, 0x3000, ulong.MaxValue];
        var options = new UnwinderOptions { MaxFrames = 100 };
        var ends = new Dictionary<BacktraceEndKind, int>();
        for (int round = 0; round < 2_000; round++)
        {
            FakeStack stack = new FakeStack().Call(0x1650, 0x1500).Call(0x1750, 0x1500).Call(0x1210, 0x1600);
            for (ulong place = 0x7000; place < 0x8000; place += 8)
                stack.Word(place, Pick());

            foreach (
                Register register in (Register[])[X64Register.Rip, X64Register.Rsp, X64Register.Rbp, X64Register.Rbx]
            )
            {
                if (random.Next(20) != 0)
                    stack.With(register, register == X64Register.Rip ? code[random.Next(code.Length)] : Pick());
            }

            Backtrace trace = stack.Unwind(options);
            Assert.InRange(trace.Frames.Count, 0, 100);
            ends[trace.End.Kind] = ends.GetValueOrDefault(trace.End.Kind) + 1;
        }

        Assert.True(ends.Count >= 6, string.Join(", ", ends));

        ulong Pick() =>
            random.Next(3) switch
            {
                0 => code[random.Next(code.Length)],
                1 => 0x7000 + ((ulong)random.Next(512) * 8),
                _ => unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
            };
    }

    private const ulong Interrupt = FakeStack.Interrupt;

    private static string Describe(Backtrace trace) =>
        string.Join(
            " | ",
            trace.Frames.Select(frame =>
                $"{frame.Address.Value:x}{(frame.Address.IsReturnAddress ? "!" : "")} "
                + $"sp={frame.Registers[X64Register.Rsp]:x} cfa={frame.CanonicalFrameAddress:x} "
                + $"{frame.Origin}"
            )
        ) + $" | {trace.End}";
}
