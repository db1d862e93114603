using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Symbols.Modules;

public sealed class ReturnAddressCheckTests
{
    [Theory]
    [InlineData("e8 01 02 03 04", true)] // call rel32
    [InlineData("ff d0", true)] // call *%rax
    [InlineData("41 ff d4", true)] // call *%r12
    [InlineData("ff 10", true)] // call *(%rax)
    [InlineData("ff 50 08", true)] // call *8(%rax)
    [InlineData("ff 90 00 01 00 00", true)] // call *0x100(%rax)
    [InlineData("ff 15 00 01 00 00", true)] // call *0x100(%rip)
    [InlineData("ff 14 25 00 01 00 00", true)] // call *0x100
    [InlineData("41 ff 14 c7", true)] // call *(%r15,%rax,8)
    [InlineData("ff 54 24 08", true)] // call *8(%rsp)
    [InlineData("ff 94 24 00 01 00 00", true)] // call *0x100(%rsp)
    [InlineData("ff e0", false)] // jmp *%rax
    [InlineData("ff 30", false)] // push (%rax)
    [InlineData("e9 01 02 03 04", false)] // jmp rel32
    [InlineData("90 90 90 90 90", false)]
    [InlineData("ff 50", false)] // cut short
    [InlineData("ff 14", false)] // cut short
    [InlineData("c3", false)]
    public void EndsWithX64Call_Encoding_IsKnown(string bytes, bool expected)
    {
        byte[] code = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(expected, ReturnAddressCheck.EndsWithX64Call(code));
    }

    [Theory]
    [InlineData(0x94000010u, true)] // bl
    [InlineData(0x97ffffffu, true)] // bl backwards
    [InlineData(0xd63f0100u, true)] // blr x8
    [InlineData(0xd73f0908u, true)] // blraa x8, x8
    [InlineData(0xd63f091fu, true)] // blraaz x8
    [InlineData(0xd61f0100u, false)] // br x8
    [InlineData(0x14000010u, false)] // b
    [InlineData(0xd65f03c0u, false)] // ret
    public void EndsWithArm64Call_Encoding_IsKnown(uint word, bool expected) =>
        Assert.Equal(expected, ReturnAddressCheck.EndsWithArm64Call(BitConverter.GetBytes(word)));

    [Fact]
    public void IsAfterCall_File_LooksAtItsBytes()
    {
        var elf = new ElfBuilder();
        elf.AddText(0x1000, [0xff, 0xd0, 0x90, 0xe8, 0, 0, 0, 0, 0x90]);
        using ElfImage image = elf.BuildImage();
        Assert.True(ReturnAddressCheck.IsAfterCall(image, 0x1002));
        Assert.False(ReturnAddressCheck.IsAfterCall(image, 0x1003));
        Assert.True(ReturnAddressCheck.IsAfterCall(image, 0x1008));
        Assert.False(ReturnAddressCheck.IsAfterCall(image, 0x1009));
        Assert.Null(ReturnAddressCheck.IsAfterCall(image, 0x1000));
        Assert.Null(ReturnAddressCheck.IsAfterCall(image, 0));
    }
}
