namespace Osprey.Tests.Debugging;

public sealed class KernelTextTests
{
    private const ulong Start = 0xffffffff81000000;

    [Theory]
    [InlineData("0f1f440000", "e910000000")]
    [InlineData("e910000000", "0f1f440000")]
    [InlineData("e810000000", "e810203000")]
    [InlineData("e810000000", "0f1f440000")]
    [InlineData("eb10", "6690")]
    [InlineData("cc90", "6690")]
    [InlineData("cc10000000", "0f1f440000")]
    public void Compare_OfWhatAKernelChanges_FindsNothing(string before, string after) =>
        Assert.Empty(Compare($"554889e5{before}5dc3", $"554889e5{after}5dc3"));

    [Theory]
    [InlineData("0f1f440000", "cc1f440000")]
    [InlineData("e910000000", "cc10000000")]
    [InlineData("eb10", "cc10")]
    [InlineData("4889e5", "cc89e5")]
    [InlineData("4889e5", "488be5")]
    public void Compare_OfWhatADebuggerLeaves_TellsThePlace(string before, string after) =>
        Assert.StartsWith(
            "0xffffffff8100000",
            Assert.Single(Compare($"554889e5{before}5dc3", $"554889e5{after}5dc3")),
            StringComparison.Ordinal
        );

    [Fact]
    public void Compare_OfABreakpointBehindAJumpLabel_FindsTheBreakpointAlone() =>
        Assert.Equal(
            ["0xffffffff81000005: 0f1f44000055c3 from 0xffffffff81000000 became e910000000ccc3"],
            Compare("0f1f44000055c3", "e910000000ccc3")
        );

    private static IReadOnlyList<string> Compare(string before, string after) =>
        KernelText.Compare(Start, Convert.FromHexString(before), Convert.FromHexString(after));
}
