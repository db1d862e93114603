using Osprey.Guests.Linux;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux;

public class PageTableIsolationTests
{
    [Theory]
    [InlineData(0x3000, 0x2000, "the kernel's half")]
    [InlineData(0x2000, 0x2000, "no table of user mode by its place")]
    [InlineData(0x5000, 0x5000, "none before that holds more")]
    [InlineData(0x9000, 0x9000, "nothing there at all")]
    public void GetKernelSpace_ByThePlaceOfTheTables_GivesThoseOfTheKernel(ulong root, ulong expected, string what)
    {
        byte[] memory = new byte[0x6000];
        foreach (int entry in (int[])[0x2000, 0x2ff0, 0x2ff8, 0x3000, 0x3ff8, 0x4000, 0x5000, 0x5008])
            memory[entry] = 1;

        var paging = new X64Paging(X64PagingMode.FourLevel, new PhysicalAddress(root));
        var space = new AddressSpace(PageTableBuilder.ToMemory(memory), paging, "as given");
        AddressSpace kernel = PageTableIsolation.GetKernelSpace(space);

        Assert.True(kernel.Paging.Root.Value == expected, what);
        Assert.Equal(root == expected ? "as given" : "as given, the kernel's half", kernel.Origin);
    }
}
