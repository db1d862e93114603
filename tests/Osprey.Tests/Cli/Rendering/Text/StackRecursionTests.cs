using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Guests.Cpus;
using Osprey.Target.Unwinding;

namespace Osprey.Tests.Cli.Rendering.Text;

/// <summary>Which frames of a stack are taken for a recursion, each letter being a frame.</summary>
public sealed class StackRecursionTests
{
    [Theory]
    [InlineData("aaaaaaaa", 0, "0 1 8")]
    [InlineData("aaaaaaa", 0, "")]
    [InlineData("xaaaaaaaaay", 1, "1 1 9")]
    [InlineData("xaaaaaaaaay", 0, "")]
    [InlineData("abababababababababc", 0, "0 2 9")]
    [InlineData("abababababababa", 0, "")]
    [InlineData("ababababababababa", 0, "0 2 8")] // and half a round
    [InlineData("aabaabaabaabaabaabaabaab", 0, "0 3 8")]
    [InlineData("", 0, "")]
    public void FindAt_Frames(string frames, int start, string expected)
    {
        StackRow[] rows = [.. frames.Select((letter, number) => Make(number, letter))];
        Assert.Equal(
            expected,
            StackRecursion.FindAt(rows, start) is { } found ? $"{found.Start} {found.Period} {found.Rounds}" : ""
        );
    }

    /// <summary>The same function called from other places, or with variables, is worth to be seen.</summary>
    [Fact]
    public void FindAt_FramesThatDiffer_AreNoRecursion()
    {
        Assert.Null(
            StackRecursion.FindAt([.. Enumerable.Range(0, 20).Select(i => Make(i, 'a', (ulong)(i % 7 * i)))], 0)
        );
        Assert.Null(
            StackRecursion.FindAt([.. Enumerable.Range(0, 20).Select(i => Make(i, 'a') with { Variables = [] })], 0)
        );
    }

    private static StackRow Make(int number, char letter, ulong address = 1) =>
        new(
            new BacktraceRow(
                number,
                number,
                0,
                address,
                letter.ToString(),
                false,
                null,
                null,
                null,
                0,
                FrameOrigin.CallFrameInformation
            ),
            null
        );
}
