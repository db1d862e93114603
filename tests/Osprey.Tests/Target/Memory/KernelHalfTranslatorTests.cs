using Osprey.Target.Memory;

namespace Osprey.Tests.Target.Memory;

/// <summary>A program's address space, completed by the kernel's.</summary>
public sealed class KernelHalfTranslatorTests
{
    private const ulong User = 0x40_0000;
    private const ulong Shared = 0xffff_8000_0000_0000;
    private const ulong Kernel = 0xffff_ffff_8100_0000;

    [Theory]
    [InlineData(User, 0x1000ul)] // as the program has it
    [InlineData(Shared, 0x2000ul)]
    [InlineData(Kernel, 0x3000ul)] // as the kernel has it
    [InlineData(User + 0x1000, null)] // the kernel's view of the program does not count
    [InlineData(Kernel + 0x1000, null)]
    public void TryTranslate_OfEachHalf_AsksWhoCounts(ulong address, ulong? physical)
    {
        var program = new Tables { [User] = 0x1000, [Shared] = 0x2000 };
        var kernel = new Tables
        {
            [User] = 0x9000,
            [User + 0x1000] = 0x9000,
            [Shared] = 0x9000,
            [Kernel] = 0x3000,
        };
        var both = new KernelHalfTranslator(program, kernel);

        Assert.Equal(
            physical,
            both.TryTranslate(address, out Translation translation) ? translation.Physical.Value : null
        );
    }

    private sealed class Tables : Dictionary<ulong, ulong>, IAddressTranslator
    {
        public bool TryTranslate(ulong address, out Translation translation)
        {
            bool isKnown = TryGetValue(address, out ulong physical);
            translation = isKnown ? new Translation { Physical = new PhysicalAddress(physical) } : default;
            return isKnown;
        }
    }
}
