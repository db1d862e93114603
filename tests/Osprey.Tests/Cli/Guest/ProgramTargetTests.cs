using System.Globalization;

namespace Osprey.Tests.Cli.Guest;

/// <summary>Commands over a program of this host, here the tests' own process.</summary>
public sealed class ProgramTargetTests
{
    private static readonly string s_target = string.Create(
        CultureInfo.InvariantCulture,
        $"process:{Environment.ProcessId}"
    );

    [Theory]
    [InlineData("bt")]
    [InlineData("registers")]
    [InlineData("threads")]
    [InlineData("pagetable", "0x1000")]
    [InlineData("whatis", "0x1000")]
    [InlineData("report")]
    [InlineData("dump", "never-written.core")]
    [InlineData("gdbserver", "--listen", "localhost:0")]
    [InlineData("step")]
    [InlineData("capture")]
    public void Command_ThatSpeaksOfGuests_RefusesAProgram(params string[] words)
    {
        CommandRun run = CommandRun.Of([.. words, "--target", s_target]);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Text);
        Assert.Contains(
            "is a program, not a guest: of programs, the commands ",
            run.Messages,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists("never-written.core"));
    }

    [Theory]
    [InlineData("trace", "count")]
    [InlineData("strace")]
    [InlineData("capture")]
    public void Watch_OfACommandThatGoesOnByItself_IsRefused(params string[] words)
    {
        CommandRun run = CommandRun.Of(["watch", "--target", s_target, .. words]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("can't be watched", run.Messages, StringComparison.Ordinal);
    }
}
