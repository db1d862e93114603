using Osprey.Binary.Elf;
using Osprey.Guests;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Programs;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Session.Guests.Programs;

public class ThreadLocalBlockTests
{
    private const ulong Control = 0x2000;

    [Theory]
    [InlineData(0x100, 0, 0x1f00UL)]
    [InlineData(0x101, 1, 0x1effUL)]
    [InlineData(0x101, 64, 0x1ec0UL)]
    [InlineData(0x101, 48, 0x1ee0UL)]
    [InlineData(0, 16, 0x2000UL)]
    [InlineData(0x3000, 1, 0xfffffffffffff000UL)]
    [InlineData(0x100, 1 << 21, null)]
    [InlineData(1L << 41, 16, null)]
    public void Find_AnyProgram_EndsWhereTheControlBlockBegins(ulong size, ulong alignment, ulong? expected) =>
        Assert.Equal(
            expected,
            Find(size, alignment, GuestKind.Linux, new RegisterSet { [X64Register.FsBase] = Control }, new FakeMemory())
        );

    [Fact]
    public void Find_NoThreadLocalsOrNoBase_IsNothing()
    {
        Assert.Null(Find(0x100, 16, GuestKind.Linux, new RegisterSet(), new FakeMemory()));
        Assert.Null(Find(0x100, 16, GuestKind.Linux, new RegisterSet { [X64Register.FsBase] = 0 }, new FakeMemory()));
        Assert.Null(
            Find(null, 16, GuestKind.Osv, new RegisterSet { [X64Register.FsBase] = Control }, new FakeMemory())
        );
    }

    [Theory]
    [InlineData(0x3000, 0x3000, 0x7000UL, "the kernel's block, kept at gs")]
    [InlineData(0x3000, 0x3001, 0x6000UL, "fs, since what is kept at gs is no block")]
    [InlineData(0, 0x3000, 0x6000UL, "fs, since nothing is kept at gs")]
    [InlineData(0x9000, 0, 0x6000UL, "fs, since what is kept at gs can't be read")]
    public void Find_OnOsv_IsWhatTheKernelsBlockSays(ulong kept, ulong self, ulong expected, string what)
    {
        FakeMemory memory = new FakeMemory().Add(0x1000, new byte[0x3000]);
        memory.Write(0x1000 + 16, kept);
        memory.Write(0x3000, self);
        memory.Write(0x3000 + 8, 0x7000);
        memory.Write(Control + 8, 0x6000);
        var registers = new RegisterSet { [X64Register.FsBase] = Control, [X64Register.GsBase] = 0x1000 };

        Assert.True(Find(0x100, 16, GuestKind.Osv, registers, memory) == expected, what);
    }

    [Theory]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 7, 0x1000)]
    [InlineData(Control, ulong.MaxValue - 15)]
    public void Find_OnOsvWithWildBases_CountsFromFs(ulong fs, ulong gs)
    {
        var registers = new RegisterSet { [X64Register.FsBase] = fs, [X64Register.GsBase] = gs };
        Assert.Equal(fs - 0x100, Find(0x100, 1, GuestKind.Osv, registers, new FakeMemory()));
    }

    private static ulong? Find(ulong? size, ulong alignment, GuestKind kind, RegisterSet registers, FakeMemory memory)
    {
        var builder = new ElfBuilder();
        builder.AddText(0x1000, new byte[16]);
        if (size is { } bytes)
            builder.AddSegment(new ElfSegment(ElfSegmentType.ThreadLocal, 4, 0, 0x1000, 0x1000, 0, bytes, alignment));

        using ElfImage image = builder.BuildImage();
        return ThreadLocalBlock.Find(image, kind, registers, new PhysicalReader(memory));
    }
}
