using Osprey.Guests.Linux.Stacks;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types.Btf;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Tests.Builders.Btf;
using Osprey.Values;

namespace Osprey.Tests.Guests.Linux.Stacks;

public sealed class SwitchedOutRegistersTests
{
    private const ulong Task = OrcKernel.Stack + 0x800;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_Task_GivesWhatTheSchedulerSaved(bool isDescribed)
    {
        OrcKernel kernel = new OrcKernel(OrcFormat.Types).Word(Task + 24, OrcKernel.Stack + 0x100);
        for (ulong i = 0; i < 7; i++)
            kernel.Word(OrcKernel.Stack + 0x100 + (i * 8), 0x100 + i);

        RegisterSet registers = Create(kernel, isDescribed)!.Read(Task)!;
        Register[] saved =
        [
            X64Register.R15,
            X64Register.R14,
            X64Register.R13,
            X64Register.R12,
            X64Register.Rbx,
            X64Register.Rbp,
            X64Register.Rip,
        ];
        Assert.Equal([0x100, 0x101, 0x102, 0x103, 0x104, 0x105, 0x106], saved.Select(item => registers[item]!.Value));
        Assert.Equal((OrcKernel.Stack + 0x138, null), (registers[X64Register.Rsp], registers[X64Register.Rax]));
    }

    [Theory]
    [InlineData(OrcKernel.Stack + 0x101)] // not aligned
    [InlineData(OrcKernel.Stack + 0xff0)] // goes on behind the stack
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue - 15)]
    public void Read_StackPointerThatIsNone_GivesNothing(ulong pointer) =>
        Assert.Null(Create(new OrcKernel(OrcFormat.Types).Word(Task + 24, pointer), true)!.Read(Task));

    [Fact]
    public void Read_TaskThatCannotBeRead_GivesNothing() =>
        Assert.Null(Create(new OrcKernel(OrcFormat.Types), true)!.Read(0x1000));

    [Fact]
    public void Create_KernelWithoutTypes_GivesNothing()
    {
        var kernel = new OrcKernel(OrcFormat.Types);
        Assert.Null(SwitchedOutRegisters.Create(new ValueSpace(kernel, []), kernel));
    }

    private static SwitchedOutRegisters? Create(OrcKernel kernel, bool isDescribed)
    {
        var btf = new BtfBuilder();
        uint word = btf.Integer("long unsigned int", 8);
        uint thread = btf.Struct("thread_struct", 16, ("es", word, 0, 0), ("sp", word, 64, 0));
        btf.Struct("task_struct", 32, ("state", word, 0, 0), ("thread", thread, 128, 0));
        if (isDescribed)
            btf.Struct(
                "inactive_task_frame",
                56,
                ("r15", word, 0, 0),
                ("r14", word, 64, 0),
                ("r13", word, 128, 0),
                ("r12", word, 192, 0),
                ("bx", word, 256, 0),
                ("bp", word, 320, 0),
                ("ret_addr", word, 384, 0)
            );

        var types = BtfTypeSource.Read(btf.Build(), "btf");
        return SwitchedOutRegisters.Create(
            new ValueSpace(kernel, [new ValueModule(types, LoadBias.None) { End = 0 }]),
            kernel
        );
    }
}
