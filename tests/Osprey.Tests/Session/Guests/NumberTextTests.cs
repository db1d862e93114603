using Osprey.Session.Guests;

namespace Osprey.Tests.Session.Guests;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("4096", 4096UL)]
    [InlineData("0x1000", 4096UL)]
    [InlineData("0XfF", 255UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("0xffffffffffffffff", ulong.MaxValue)]
    [InlineData("18446744073709551616", null)]
    [InlineData("0x10000000000000000", null)]
    [InlineData("", null)]
    [InlineData("0x", null)]
    [InlineData("ff", null)]
    [InlineData("-1", null)]
    [InlineData("+1", null)]
    [InlineData(" 1", null)]
    [InlineData("0x 1", null)]
    [InlineData("1,000", null)]
    public void TryParse_Text_NumberOrNot(string text, ulong? expected) =>
        Assert.Equal(expected, NumberText.TryParse(text, out ulong number) ? number : null);
}
