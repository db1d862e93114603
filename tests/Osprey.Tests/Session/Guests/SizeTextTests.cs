using Osprey.Session.Guests;

namespace Osprey.Tests.Session.Guests;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1, "1 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1536 B")]
    [InlineData(5UL << 20, "5 MiB")]
    [InlineData(3UL << 30, "3 GiB")]
    [InlineData(1UL << 60, "1048576 TiB")]
    [InlineData(ulong.MaxValue, "18446744073709551615 B")]
    public void Format_AnySize_IsInTheLargestUnitThatKeepsItWhole(ulong size, string expected) =>
        Assert.Equal(expected, SizeText.Format(size));
}
