using Osprey.Guests.Linux.Stacks;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding;

namespace Osprey.Tests.Guests.Linux.Stacks;

public sealed class OrcUnwindRulesTests
{
    private const ulong Kernel = 0x10;
    private const ulong User = 0x33;

    public static TheoryData<string> Formats => [.. Enum.GetNames<OrcFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Unwind_Functions_EndsWhereTheStackBegins(string format)
    {
        OrcKernel kernel = new OrcKernel(Enum.Parse<OrcFormat>(format))
            .At(OrcKernel.Plain + 4, OrcKernel.Stack)
            .With(X64Register.Rbp, OrcKernel.Stack + 0x100)
            .With(X64Register.Rbx, 7)
            .With(X64Register.Cr3, 0x1000)
            .Word(OrcKernel.Stack + 8, OrcKernel.Framed + 0x10)
            .Word(OrcKernel.Stack + 0x100, 0x5555)
            .Word(OrcKernel.Stack + 0x108, OrcKernel.Framed)
            .Word(OrcKernel.Stack + 0x118, OrcKernel.Start + 5);
        Backtrace trace = kernel.Unwind();

        // The return address at the very start of Framed is one behind Plain's last call.
        Assert.Equal(
            "4 sp=0 cfa=10 | 110! sp=10 cfa=110 | 100! sp=110 cfa=120 | 405! sp=120 cfa= | end of stack",
            OrcKernel.Describe(trace)
        );
        Assert.True(trace.End.IsComplete);
        Assert.Empty(trace.Notes);
        Assert.Equal(
            [FrameOrigin.Start, FrameOrigin.UnwindTable, FrameOrigin.UnwindTable, FrameOrigin.UnwindTable],
            trace.Frames.Select(frame => frame.Origin)
        );

        // Nothing is known of registers that a function may have saved, but of those that calls leave alone.
        RegisterSet caller = trace.Frames[1].Registers;
        Assert.Equal((OrcKernel.Stack + 0x100, null), (caller[X64Register.Rbp], caller[X64Register.Rbx]));
        Assert.Equal(0x1000UL, caller[X64Register.Cr3]);
        Assert.Equal(0x5555UL, trace.Frames[2].Registers[X64Register.Rbp]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Unwind_Interrupt_GoesOnWithAllRegisters(string format)
    {
        OrcKernel kernel = new OrcKernel(Enum.Parse<OrcFormat>(format))
            .At(OrcKernel.Entry + 8, OrcKernel.Stack + 0x100)
            .SavedRegisters(OrcKernel.Stack + 0x108, OrcKernel.Plain, Kernel, OrcKernel.Stack + 0x800)
            .Word(OrcKernel.Stack + 0x808, OrcKernel.Start + 1);
        Backtrace trace = kernel.Unwind();

        Assert.Equal(
            "208 sp=100 cfa=1b0 | 0 sp=800 cfa=810 | 401! sp=810 cfa= | end of stack",
            OrcKernel.Describe(trace)
        );
        string[] names =
        [
            "r15",
            "r14",
            "r13",
            "r12",
            "rbp",
            "rbx",
            "r11",
            "r10",
            "r9",
            "r8",
            "rax",
            "rcx",
            "rdx",
            "rsi",
            "rdi",
        ];
        RegisterSet interrupted = trace.Frames[1].Registers;
        Assert.Equal(
            Enumerable.Range(0, names.Length).Select(place => (ulong?)place),
            names.Select(name => interrupted[X64Architecture.Instance.FindRegister(name)!])
        );
        Assert.Equal(
            (Kernel, 0x246UL, 0x18UL),
            (interrupted[X64Register.Cs], interrupted[X64Register.Rflags], interrupted[X64Register.Ss])
        );
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Unwind_WhatTheProcessorSaved_GoesOnThere(string format)
    {
        OrcKernel kernel = new OrcKernel(Enum.Parse<OrcFormat>(format))
            .At(OrcKernel.EarlyEntry, OrcKernel.Stack)
            .With(X64Register.Rbp, 0x1234)
            .With(X64Register.Rax, 1)
            .ProcessorFrame(OrcKernel.Stack + 8, OrcKernel.Start, Kernel, OrcKernel.Stack + 0x400);
        Backtrace trace = kernel.Unwind();

        Assert.Equal("300 sp=0 cfa=30 | 400 sp=400 cfa= | end of stack", OrcKernel.Describe(trace));
        Assert.Equal(
            (0x1234UL, null),
            (trace.Frames[1].Registers[X64Register.Rbp], trace.Frames[1].Registers[X64Register.Rax])
        );
    }

    [Theory]
    [InlineData(OrcKernel.Entry, 0x108)]
    [InlineData(OrcKernel.EarlyEntry, 0x88)]
    public void Unwind_EntryFromUserMode_IsTheEnd(ulong pc, int place)
    {
        OrcKernel kernel = new OrcKernel(OrcFormat.End)
            .At(pc, OrcKernel.Stack + 0x100)
            .SavedRegisters(OrcKernel.Stack + (ulong)place, 0x40_1000, User, 0x7ffe_0000);
        if (pc == OrcKernel.EarlyEntry)
            kernel.ProcessorFrame(OrcKernel.Stack + 0x108, 0x40_1000, User, 0x7ffe_0000);

        Backtrace trace = kernel.Unwind();
        Assert.Single(trace.Frames);
        Assert.Equal("end of stack: entered from user mode at 0x401000", trace.End.ToString());
        Assert.True(trace.End.IsComplete);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Unwind_OtherStacksAndBases_AreFollowed(string format)
    {
        OrcKernel kernel = new OrcKernel(Enum.Parse<OrcFormat>(format))
            .At(OrcKernel.Switch + 1, OrcKernel.Stack + 0xf00)
            .With(X64Register.Rbp, OrcKernel.Stack + 0x80)
            .Word(OrcKernel.Stack + 0xf00, OrcKernel.Stack + 0x10)
            .Word(OrcKernel.Stack + 0x10, OrcKernel.Aligned + 1)
            .Word(OrcKernel.Stack + 0x78, OrcKernel.Stack + 0x60)
            .Word(OrcKernel.Stack + 0x80, 0x77)
            .Word(OrcKernel.Stack + 0x58, OrcKernel.Start + 1);
        Assert.Equal(
            "501 sp=f00 cfa=18 | 601! sp=18 cfa=60 | 401! sp=60 cfa= | end of stack",
            OrcKernel.Describe(kernel.Unwind())
        );
    }

    [Theory]
    [InlineData(OrcKernel.ByR10, "r10", 0x40UL, "700 sp=0 cfa=40 | 401! sp=40 cfa= | end of stack")]
    [InlineData(OrcKernel.ByR13, "r13", 0x40UL, "800 sp=0 cfa=40 | 401! sp=40 cfa= | end of stack")]
    [InlineData(OrcKernel.ByRdi, "rdi", 0x30UL, "900 sp=0 cfa=40 | 401! sp=40 cfa= | end of stack")]
    [InlineData(OrcKernel.ByRdx, "rdx", 0x70UL, "a00 sp=0 cfa=a0 | 401 sp=200 cfa= | end of stack")]
    [InlineData(OrcKernel.OldSwitch, "rsp", 0UL, "b00 sp=0 cfa=3a8 | 401 sp=200 cfa= | end of stack")]
    public void Unwind_EachBase_GivesTheCaller(ulong pc, string register, ulong offset, string expected)
    {
        Assert.All(
            Enum.GetValues<OrcFormat>(),
            format =>
                Assert.Equal(
                    expected,
                    OrcKernel.Describe(
                        new OrcKernel(format)
                            .At(pc, OrcKernel.Stack)
                            .With(X64Architecture.Instance.FindRegister(register)!, OrcKernel.Stack + offset)
                            .Word(OrcKernel.Stack + 0x38, OrcKernel.Start + 1)
                            .ProcessorFrame(
                                OrcKernel.Stack + 0x78,
                                OrcKernel.Start + 1,
                                Kernel,
                                OrcKernel.Stack + 0x200
                            )
                            .Word(OrcKernel.Stack + 8, OrcKernel.Stack + 0x300)
                            .ProcessorFrame(
                                OrcKernel.Stack + 0x380,
                                OrcKernel.Start + 1,
                                Kernel,
                                OrcKernel.Stack + 0x200
                            )
                            .Unwind()
                    )
                )
        );
    }

    [Theory]
    [InlineData(OrcKernel.ByR10, "the caller of 0xffffffff81000700 can't be computed: r10 is not known")]
    [InlineData(OrcKernel.Framed, "the caller of 0xffffffff81000100 can't be computed: rbp is not known")]
    [InlineData(
        OrcKernel.Unknown,
        "no call frame information at 0xffffffff81000c00, and the frame pointer is not sane"
    )]
    [InlineData(
        OrcKernel.TextEnd,
        "no call frame information at 0xffffffff81003000, and the frame pointer is not sane"
    )]
    [InlineData(
        OrcKernel.Text - 1,
        "no call frame information at 0xffffffff80ffffff, and the frame pointer is not sane"
    )]
    [InlineData(0x40_1000UL, "no call frame information at 0x401000, and the frame pointer is not sane")]
    public void Unwind_WhatIsNotKnown_IsSaid(ulong pc, string expected)
    {
        Backtrace trace = new OrcKernel(OrcFormat.Types).At(pc, OrcKernel.Stack).Unwind();
        Assert.Single(trace.Frames);
        Assert.Equal(expected, trace.End.ToString());
        Assert.False(trace.End.IsComplete);
    }

    [Fact]
    public void Unwind_StackOfANewThread_EndsWhereNoCallLedTo() =>
        Assert.Equal(
            "0 sp=0 cfa=10 | e00 sp=10 cfa= | end of stack",
            OrcKernel.Describe(
                new OrcKernel(OrcFormat.Types)
                    .At(OrcKernel.Plain, OrcKernel.Stack)
                    .Word(OrcKernel.Stack + 8, OrcKernel.NewThread)
                    .Unwind()
            )
        );

    [Fact]
    public void Unwind_StackThatCannotBeRead_SaysWhere() =>
        Assert.Equal(
            "unreadable stack at 0xffffc90000001000",
            new OrcKernel(OrcFormat.Types).At(OrcKernel.Plain, OrcKernel.Stack + 0xff8).Unwind().End.ToString()
        );

    [Fact]
    public void Unwind_WhereASectionEndsAndAnotherBegins_TakesTheSecond() =>
        Assert.Equal(
            "2800 sp=0 cfa=20 | end of stack: return address 0",
            OrcKernel.Describe(new OrcKernel(OrcFormat.End).At(OrcKernel.Text + 0x2800, OrcKernel.Stack).Unwind())
        );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unwind_Module_GoesByItsOwnTable(bool isOld)
    {
        OrcKernel kernel = new OrcKernel(isOld ? OrcFormat.End : OrcFormat.Types, isOld)
            .At(OrcKernel.Module + 0x20, OrcKernel.Stack)
            .Word(OrcKernel.Stack + 0x10, OrcKernel.Start + 1);
        Assert.Equal("3f000020 sp=0 cfa=18 | 401! sp=18 cfa= | end of stack", OrcKernel.Describe(kernel.Unwind()));

        // Behind its code nothing is known, and once it is gone neither is its code.
        Assert.Null(kernel.Rules.FindRule(OrcKernel.Module + 0x100));
        kernel.Word(OrcKernel.ModuleList, OrcKernel.ModuleList);
        Assert.NotNull(kernel.Rules.FindRule(OrcKernel.Module + 0x20));
        kernel.Generation++;
        Assert.Null(kernel.Rules.FindRule(OrcKernel.Module + 0x20));
        Assert.Null(kernel.Rules.Problem);
    }

    [Fact]
    public void Unwind_ModuleOfAKernelWithoutTypes_SaysSo()
    {
        var kernel = new OrcKernel(OrcFormat.Types) { HasTypes = false };
        Backtrace trace = kernel.At(OrcKernel.Module + 0x20, OrcKernel.Stack).Unwind();
        Assert.Equal(
            ["tables of modules for unwinding (ORC): the kernel's types do not say where modules keep theirs"],
            trace.Notes
        );
    }

    [Fact]
    public void Unwind_ListOfModulesThatIsACircle_SaysSo()
    {
        OrcKernel kernel = new OrcKernel(OrcFormat.Types)
            .Word(OrcKernel.ModuleStruct + 8, OrcKernel.ModuleStruct + 8)
            .At(OrcKernel.Module + 0x200, OrcKernel.Stack);
        Assert.Equal(
            ["tables of modules for unwinding (ORC): the list of modules does not end where it began"],
            kernel.Unwind().Notes
        );
    }

    [Theory]
    [InlineData("__start_orc_unwind_ip", "no symbol says where it is")]
    [InlineData("__stop_orc_unwind", "no symbol says where it is")]
    public void Unwind_KernelWithoutSymbols_SaysSo(string missing, string expected)
    {
        var kernel = new OrcKernel(OrcFormat.Types);
        kernel.MissingSymbols.Add(missing);
        Backtrace trace = kernel.At(OrcKernel.Plain, OrcKernel.Stack).Unwind();
        Assert.Equal([$"the kernel's table for unwinding (ORC) is not used: {expected}"], trace.Notes);
        Assert.Single(trace.Frames);
    }
}
