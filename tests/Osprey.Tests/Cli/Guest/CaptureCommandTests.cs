namespace Osprey.Tests.Cli.Guest;

/// <summary>Command lines of <c>osprey capture</c> that can't be done.</summary>
public sealed class CaptureCommandTests
{
    [Theory]
    [InlineData("--count: expected a number from 1 on", "--count", "0")]
    [InlineData("--duration: 'soon' is not a time such as 10s or 5m", "--duration", "soon")]
    [InlineData("--json and the file both go to standard output", "--json", "-w", "-")]
    [InlineData(
        "--interface is about this host: it goes with no option that names a guest",
        "--interface",
        "lo",
        "--target",
        "web"
    )]
    [InlineData(
        "--json shows packets: with --interface it does not go with --write",
        "--interface",
        "lo",
        "--json",
        "-w",
        "file"
    )]
    public void CommandLines_ThatMakeNoSense_AreUsageErrors(string message, params string[] words)
    {
        CommandRun run = CommandRun.Of(["capture", .. words]);
        Assert.Equal((2, ""), (run.ExitCode, run.Text));
        Assert.Contains(message, run.Messages, StringComparison.Ordinal);
    }

    /// <summary>One message, whether libpcap is there or not.</summary>
    [Fact]
    public void Interface_ThatIsNotThere_IsSaid()
    {
        CommandRun run = CommandRun.Of("capture", "--interface", "nosuch0");
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        Assert.Matches(
            "^osprey: (this host has no interface 'nosuch0'|--interface needs libpcap, which is not installed .*)\n$",
            run.Messages
        );
    }
}
