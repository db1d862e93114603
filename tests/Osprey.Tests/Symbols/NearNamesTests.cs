using Osprey.Symbols;

namespace Osprey.Tests.Symbols;

public sealed class NearNamesTests
{
    private static readonly string[] s_names = ["_cpus", "_cpu", "id", "_runqueue", "name", new string('x', 61)];

    [Theory]
    [InlineData("_cpu", "_cpu")]
    [InlineData("_CPUX", "_cpus")] // the first of those that are as near
    [InlineData("_runqeue", "_runqueue")]
    [InlineData("i", "id")]
    [InlineData("ix", "id")]
    [InlineData("xy", null)] // no letter is right
    [InlineData("runqueue_size", null)]
    [InlineData("", null)]
    public void FindNearest_Name_OneInThreeLettersOff(string wanted, string? expected) =>
        Assert.Equal(expected, NearNames.FindNearest(wanted, s_names));

    [Fact]
    public void FindNearest_LongNames_AreNotCompared() =>
        Assert.Null(NearNames.FindNearest(new string('x', 61), s_names));

    [Fact]
    public void Find_Name_NearestFirstAndThoseThatHoldIt() =>
        Assert.Equal(
            ["_runqueue", "queue"],
            NearNames.Find("queue*", ["queue", "_runqueue", "queue", "stack", new string('q', 101)])
        );
}
