using Osprey.Binary.Elf;
using Osprey.Guests;
using Osprey.Guests.Osv;
using Osprey.Session.Guests;
using Osprey.Symbols.Types;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Builders.Guests;
using Osprey.Values;

namespace Osprey.Tests.Guests.Osv;

public class OsvThreadLocalsTests
{
    private const ulong Control = 0x2000;

    [Theory]
    [InlineData(0x3000, 0x3000, 0x7000UL, "the kernel's block, kept at gs")]
    [InlineData(0x3000, 0x3001, 0x6000UL, "fs, since what is kept at gs is no block")]
    [InlineData(0, 0x3000, 0x6000UL, "fs, since nothing is kept at gs")]
    [InlineData(0x9000, 0, 0x6000UL, "fs, since what is kept at gs can't be read")]
    public void FindThreadLocals_ByTheUsualLayout_IsWhatTheKernelsBlockSays(
        ulong kept,
        ulong self,
        ulong expected,
        string what
    )
    {
        FakeMemory memory = new FakeMemory().Add(0x1000, new byte[0x3000]);
        memory.Write(0x1000 + 16, kept);
        memory.Write(0x3000, self);
        memory.Write(0x3000 + 8, 0x7000);
        memory.Write(Control + 8, 0x6000);

        Assert.True(Find(memory, AtGs(0x1000)) == expected, what);
    }

    [Fact]
    public void FindThreadLocals_ByDebugInfo_FollowsItsOffsets()
    {
        FakeMemory memory = new FakeMemory().Add(0x1000, new byte[0x3000]);
        var types = new NamedTypes(
            new TypeBuilder("thread_control_block")
                .Add("canary", BuiltinTypes.UnsignedLong)
                .Add("self", BuiltinTypes.UnsignedLong)
                .Add("dtv", BuiltinTypes.UnsignedLong)
                .Add("tls_base", BuiltinTypes.UnsignedLong)
                .Build(),
            new TypeBuilder("sched::arch_cpu")
                .Add("apic_id", BuiltinTypes.UnsignedLong)
                .Add("_current_syscall_stack_descriptor", BuiltinTypes.UnsignedLong)
                .Add("caller", BuiltinTypes.UnsignedLong)
                .Add("more", BuiltinTypes.UnsignedLong)
                .Add("_current_thread_kernel_tcb", BuiltinTypes.UnsignedLong)
                .Build()
        );
        memory.Write(0x1000 + 24, 0x3000);
        memory.Write(0x3000 + 8, 0x3000);
        memory.Write(0x3000 + 24, 0x7000);
        Assert.Equal(0x7000UL, Find(memory, AtGs(0x1000), types));
    }

    [Fact]
    public void FindThreadLocals_OfAKernelThatKeepsNothingAtGs_GoesByFs()
    {
        FakeMemory memory = new FakeMemory().Add(0x1000, new byte[0x3000]);
        var types = new NamedTypes(
            new TypeBuilder("sched::arch_cpu")
                .Add("_current_syscall_stack_descriptor", BuiltinTypes.UnsignedLong)
                .Build()
        );
        memory.Write(0x1000 + 16, 0x3000);
        memory.Write(0x3000, 0x3000);
        memory.Write(0x3000 + 8, 0x7000);
        memory.Write(Control + 8, 0x6000);
        Assert.Equal(0x6000UL, Find(memory, AtGs(0x1000), types));
        Assert.Equal(0x7000UL, Find(memory, AtGs(0x1000)));
    }

    [Fact]
    public void Of_DebugInfoWithMembersInAnotherOrder_DoesNotOverflow()
    {
        var types = new NamedTypes(
            new TypeBuilder("sched::arch_cpu")
                .Add("_current_thread_kernel_tcb", BuiltinTypes.UnsignedLong)
                .Add("_current_syscall_stack_descriptor", BuiltinTypes.UnsignedLong)
                .Build()
        );
        Assert.Equal(OsvThreadLayout.Usual with { KeptOffset = unchecked(0UL - 8) }, OsvThreadLayout.Of(types));
        Assert.Equal(OsvThreadLayout.Usual, OsvThreadLayout.Of(null));
    }

    [Theory]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 7, 0x1000)]
    [InlineData(Control, ulong.MaxValue - 15)]
    public void FindThreadLocals_WithWildBases_CountsFromFs(ulong fs, ulong gs)
    {
        var registers = new RegisterSet(X64Architecture.Instance)
        {
            [X64Register.FsBase] = fs,
            [X64Register.GsBase] = gs,
        };
        Assert.Equal(fs - 0x100, Find(new FakeMemory(), registers));
    }

    [Fact]
    public void FindThreadLocals_NoThreadLocalsOrNoBase_IsNothing()
    {
        Assert.Null(Find(new FakeMemory(), new RegisterSet(X64Architecture.Instance)));
        using ElfImage image = new ElfBuilder().BuildImage();
        Assert.Null(Create().FindThreadLocals(image, AtGs(0x1000), new PhysicalReader(new FakeMemory()), null));
    }

    private static RegisterSet AtGs(ulong gs) =>
        new(X64Architecture.Instance) { [X64Register.FsBase] = Control, [X64Register.GsBase] = gs };

    private static ulong? Find(IPhysicalMemory memory, RegisterSet registers, ITypeSource? types = null)
    {
        var builder = new ElfBuilder();
        builder.AddText(0x1000, new byte[16]);
        builder.AddSegment(new ElfSegment(ElfSegmentType.ThreadLocal, 4, 0, 0x1000, 0x1000, 0, 0x100, 1));
        using ElfImage image = builder.BuildImage();
        return Create().FindThreadLocals(image, registers, new PhysicalReader(memory), types);
    }

    private static IGuestOs Create() => GuestSystems.Identify(new GuestMachine(new OsvImageBuilder().BuildMemory()));
}
