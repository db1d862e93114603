using Osprey.Tracing.Arguments;

namespace Osprey.Tracing.Tests.Arguments;

public sealed class FormatTextTests
{
    [Theory]
    [InlineData("", "", null)]
    [InlineData("100%% of %d", "i", null)]
    [InlineData("\"%s\" 0x%x 0%0o", "piI", null)]
    [InlineData("%-8ld %+.3f %#lx %c", "qdPc", null)]
    [InlineData("%s", "*", null)]
    [InlineData("%d", "", "the format \"%d\" has more conversions than there are arguments (0)")]
    [InlineData("%d", "ii", "the format \"%d\" has 1 conversions for 2 arguments")]
    [InlineData("%d", "p", "argument 1 of the format \"%d\" can't be printed by %d")]
    [InlineData("%x %d", "id", null)]
    [InlineData("%x", "d", "argument 1 of the format \"%x\" can't be printed by %x")]
    [InlineData("%y", "i", "the conversion at 0 of the format \"%y\" is not one of printf's")]
    [InlineData("100%", "", "the conversion at 3 of the format \"100%\" is not one of printf's")]
    [InlineData("%lld", "q", "the conversion at 0 of the format \"%lld\" is not one of printf's")]
    public void Format_AgainstSignature_IsChecked(string format, string signature, string? mismatch) =>
        Assert.Equal(mismatch, FormatText.FindMismatch(format, signature));
}
