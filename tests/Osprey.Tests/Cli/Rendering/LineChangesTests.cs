using Osprey.Cli.Rendering.Screens;

namespace Osprey.Tests.Cli.Rendering;

/// <summary>The marks of what changed from one look to the next.</summary>
public sealed class LineChangesTests
{
    [Theory]
    [InlineData("a 1 b", "a 1 b", "a 1 b")]
    [InlineData("a 1 b", "a 2 b", "a [2] b")]
    [InlineData("a 12 b", "a 1  b", "a [1]  b")]
    [InlineData("a  1 b", "a 11 b", "a [11] b")]
    [InlineData("", "a b", "[a] [b]")]
    [InlineData(null, "a", "[a]")]
    [InlineData("a b", "", "")]
    [InlineData("a", "a b", "a [b]")]
    public void Mark_MarksWholeWords(string? before, string now, string expected) =>
        Assert.Equal(
            expected,
            LineChanges
                .Mark(before, now)
                .Replace("\u001b[7m", "[", StringComparison.Ordinal)
                .Replace("\u001b[0m", "]", StringComparison.Ordinal)
        );
}
