using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Session.Guests;

public class AddressSpaceTests
{
    private const ulong Present = PageTableBuilder.Present;

    [Theory]
    [InlineData(0x40000000UL, "not mapped: its entry of level 3 is not present")]
    [InlineData(0x3000UL, "not mapped: its entry of level 1 is not present")]
    [InlineData(0xc000_0000UL, "its page table entry of level 2 has reserved bits set")]
    [InlineData(0x5000UL, "mapped without any permission (PROT_NONE)")]
    [InlineData(0x8000000000UL, "its page table at physical 0x77777000 is not in memory")]
    [InlineData(0x6123UL, "it is mapped to physical 0x66666123, where the guest has no memory to read")]
    [InlineData(0x800000000000UL, "no such address exists on x86-64: its upper bits are not all alike")]
    public void Explain_AddressThatCantBeRead_SaysWhy(ulong address, string reason)
    {
        IPhysicalMemory memory = new PageTableBuilder()
            .Map(0x1000, 0x1000, Present)
            .SetEntry(0xc000_0000, 1, 0x1000 | Present | (ulong)PageTableEntryFlags.ProtectNone)
            .SetEntry(0x5000, 0, 0x1000 | Present | (ulong)PageTableEntryFlags.ProtectNone)
            .Map(0x6000, 0x6666_6000, Present)
            .SetEntry(0x80_0000_0000, 3, 0x7777_7000 | Present)
            .BuildMemory();
        AddressSpace space = Choose(memory, new GuestSettings { PageTableRoot = PageTableBuilder.Root });

        Assert.Equal(0, space.Memory.Read(address, new byte[1]));
        Assert.Equal($"address 0x{address:x} can't be read: {reason}", space.Explain(address));
    }

    [Theory]
    [InlineData(0x2000, 0x2000, "no table of user mode by its place")]
    [InlineData(0x5000, 0x5000, "none before that holds more")]
    [InlineData(0x9000, 0x9000, "nothing there at all")]
    public void ForKernel_ByThePlaceOfTheTables_GivesThoseOfTheKernel(ulong root, ulong expected, string what)
    {
        byte[] memory = new byte[0x6000];
        foreach (int entry in (int[])[0x2000, 0x2008, 0x2ff8, 0x3000, 0x3ff8, 0x4000, 0x5000, 0x5008])
            memory[entry] = 1;

        AddressSpace space = Choose(PageTableBuilder.ToMemory(memory), new GuestSettings { PageTableRoot = root });
        Assert.True(space.ForKernel().Paging.Root.Value == expected, what);
    }

    [Fact]
    public void Choose_ByWhatIsKnown_SaysWhereFrom()
    {
        IPhysicalMemory memory = new PageTableBuilder().BuildMemory();
        var registers = new RegisterSet
        {
            [X64Register.Cr0] = 0x8000_0001,
            [X64Register.Cr3] = 0x1000,
            [X64Register.Cr4] = 0x1020,
            [X64Register.Efer] = 0x500,
        };
        var off = new RegisterSet { [X64Register.Cr0] = 1 };
        var target = new FakeTarget(memory, registers, off, null, new RegisterSet());
        string Describe(GuestSettings settings, ulong? known = null) =>
            AddressSpace.Choose(target, memory, settings, () => known).Description;

        Assert.Equal("at physical 0x1000, 5 levels (CR3 of vCPU 0)", Describe(new GuestSettings()));
        Assert.Equal("none: paging is off (CR3 of vCPU 1)", Describe(new GuestSettings { Cpu = 1 }));
        Assert.Equal("at physical 0x5000, 4 levels (as given)", Describe(new GuestSettings { PageTableRoot = 0x5018 }));
        Assert.Equal(
            "at physical 0x5000, 5 levels (as given, in the mode of vCPU 0)",
            Describe(new GuestSettings { PageTableRoot = 0x5018, Cpu = 0 })
        );
        Assert.Equal(
            "it ended",
            Assert.Throws<TargetException>(() => Describe(new GuestSettings { Cpu = 2 }, known: 0x3000)).Message
        );
        Assert.Equal(
            "the control registers of vCPU 3 are not known",
            Assert.Throws<TargetException>(() => Describe(new GuestSettings { Cpu = 3 })).Message
        );
        target = new FakeTarget(memory, (RegisterSet?)null);
        Assert.Equal(
            "at physical 0x3000, 4 levels (as the kernel's variable says)",
            Describe(new GuestSettings(), known: 0x3000)
        );
        Assert.Equal("it ended", Assert.Throws<TargetException>(() => Describe(new GuestSettings())).Message);
    }

    private static AddressSpace Choose(IPhysicalMemory memory, GuestSettings settings) =>
        AddressSpace.Choose(new FakeTarget(memory), memory, settings, () => null);
}
