using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Memory;

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
        var space = new AddressSpace(memory, new PageTableBuilder().Paging, "as given");

        Assert.Equal(0, space.Memory.Read(address, new byte[1]));
        Assert.Equal($"address 0x{address:x} can't be read: {reason}", space.Explain(address));
    }
}
