using Osprey.Tests.Recordings;

namespace Osprey.Tests.Cli.CommandLine;

/// <summary>Tests that <c>--quiet</c> leaves notes out, and nothing else.</summary>
public sealed class QuietTests
{
    private static readonly string s_trace = Path.Combine(Checkout.Root, "samples", "fs", "tracefile");

    [Fact]
    public void Quiet_Notes_AreLeftOut()
    {
        CommandRun loud = CommandRun.Of("trace", "prof-timed", "-t", "vfs_open", s_trace);
        CommandRun quiet = CommandRun.Of("trace", "prof-timed", "-t", "vfs_open", "--quiet", s_trace);
        Assert.NotEqual("", loud.Messages);
        Assert.All(loud.Messages.TrimEnd('\n').Split('\n'), line => Assert.StartsWith("osprey: note: ", line));
        Assert.Equal((loud.ExitCode, "", loud.Text), (quiet.ExitCode, quiet.Messages, quiet.Text));
    }

    [Theory]
    [InlineData("trace", "list", "/nowhere/x")]
    [InlineData("read", "0", "--target", "core:/nowhere/x")]
    [InlineData("nonsense")]
    [InlineData("read")]
    public void Quiet_Errors_Stay(params string[] args)
    {
        CommandRun quiet = CommandRun.Of([.. args, "-q"]);
        Assert.NotEqual("", quiet.Messages);
        Assert.Equal(
            CommandRun.Of(args),
            quiet with
            {
                Output = [],
            },
            (one, other) => one!.Messages == other!.Messages && one.ExitCode == other.ExitCode
        );
    }
}
