using Osprey.Binary.Elf;
using Osprey.Guests.Programs;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Guests.Programs;

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
        Assert.Equal(expected, Find(size, alignment, Control));

    [Fact]
    public void Find_NoThreadLocalsOrNoPointer_IsNothing()
    {
        Assert.Null(Find(0x100, 16, null));
        Assert.Null(Find(null, 16, Control));
    }

    private static ulong? Find(ulong? size, ulong alignment, ulong? pointer)
    {
        var builder = new ElfBuilder();
        builder.AddText(0x1000, new byte[16]);
        if (size is { } bytes)
            builder.AddSegment(new ElfSegment(ElfSegmentType.ThreadLocal, 4, 0, 0x1000, 0x1000, 0, bytes, alignment));

        using ElfImage image = builder.BuildImage();
        Assert.Equal(size is not null, ThreadLocalBlock.HasAny(image));
        return ThreadLocalBlock.Find(image, pointer);
    }
}
