using Osprey.Binary.Elf;
using Osprey.Guests.Programs;
using Osprey.Session.Guests;
using Osprey.Symbols.Modules;
using Osprey.Tests.Builders.Dwarf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Programs;

public class ProgramCheckTests
{
    private const ulong LinkAddress = 0x10000;
    private const ulong Bias = 0x7000;

    private readonly byte[] _code = new byte[0x2000];

    public ProgramCheckTests() => new Random(1).NextBytes(_code);

    [Fact]
    public void Compare_SameCodeWhereItWasMovedTo_IsTheSame() => Assert.Equal(ProgramFit.Same, Compare(_code));

    [Fact]
    public void Compare_CodeThatIsElsewhere_IsDifferent() =>
        Assert.Equal(ProgramFit.Different, Compare([.. _code[64..], .. new byte[64]]));

    [Fact]
    public void Compare_CodePatchedHereAndThere_IsTheSame()
    {
        byte[] memory = [.. _code];
        for (int at = 0; at < memory.Length; at += 1024)
            memory[at] ^= 0x55;

        Assert.Equal(ProgramFit.Same, Compare(memory));
    }

    [Fact]
    public void Compare_NothingReadable_IsUnknown() => Assert.Equal(ProgramFit.Unknown, Compare([]));

    [Fact]
    public void Compare_APartReadable_GoesByThat() => Assert.Equal(ProgramFit.Same, Compare(_code[..0x400]));

    [Theory]
    [InlineData(LinkAddress)]
    [InlineData(ulong.MaxValue - 0x10)]
    [InlineData(ulong.MaxValue)]
    public void Compare_CodeOfZerosOrAtTheEnd_IsUnknown(ulong address)
    {
        var builder = new ElfBuilder();
        builder.AddText(address, new byte[0x100]);
        using ElfImage image = builder.BuildImage();
        var memory = new PhysicalReader(new FakeMemory().Add(LinkAddress, new byte[0x100]));
        Assert.Equal(ProgramFit.Unknown, ProgramCheck.Compare(image, LoadBias.None, memory));
    }

    private ProgramFit Compare(byte[] memory)
    {
        var builder = new ElfBuilder();
        builder.AddText(LinkAddress, _code);
        using ElfImage image = builder.BuildImage();
        return ProgramCheck.Compare(
            image,
            new LoadBias(Bias),
            new PhysicalReader(new FakeMemory().Add(LinkAddress + Bias, memory))
        );
    }
}
