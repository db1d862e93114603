using Osprey.Cli;
using Osprey.Cli.Commands.Guest.Diagnosis;

namespace Osprey.Tests.Cli.Guest.Diagnosis;

/// <summary>The words behind <c>osprey watch</c>.</summary>
public sealed class WatchedCommandTests
{
    [Theory]
    [InlineData("watch threads", "watch -- threads")]
    [InlineData("watch --count 3 threads --state waiting", "watch --count 3 -- threads --state waiting")]
    [InlineData("watch --count=3 -T 5 threads", "watch --count=3 -T 5 -- threads")]
    [InlineData("watch threads -T 5 --count 3", "watch -T 5 -- threads --count 3")]
    [InlineData("watch bt --exe=x --no-cache --cpu 1", "watch --exe=x --no-cache -- bt --cpu 1")]
    [InlineData("-q watch osv info threads --target x -q", "-q watch --target x -- osv info threads -q")]
    [InlineData("watch --count 2 trace summary --target x", "watch --count 2 -- trace summary --target x")]
    [InlineData("watch", "watch")]
    [InlineData("watch --help", "watch --help")]
    [InlineData("watch -- threads", "watch -- threads")]
    [InlineData("threads watch", "threads watch")]
    public void Separate_PartsOptionsOfBothCommands(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', WatchedCommand.Separate(line.Split(' '))));

    [Theory]
    [InlineData("threads", true)]
    [InlineData("osv syms", true)]
    [InlineData("guests", false)]
    [InlineData("trace list", false)]
    [InlineData("trace list --target x", false)]
    public void LooksIntoGuest_IsTrueOfCommandsThatTakeOne(string line, bool expected) =>
        Assert.Equal(expected, WatchedCommand.LooksIntoGuest(Program.Parse(line.Split(' '))));

    [Theory]
    [InlineData("watch nonsense", 1, "osprey: unknown command 'nonsense' (see 'osprey --help')\n")]
    [InlineData("watch threads --nonsense", 2, "osprey: unknown option --nonsense (see 'osprey threads --help')\n")]
    [InlineData("watch print", 2, "osprey: EXPRESSION is missing; the form is: osprey print EXPRESSION")]
    [InlineData("watch trace", 2, "osprey: 'trace' can't be watched\n")]
    [InlineData("watch shell", 2, "osprey: 'shell' can't be watched\n")]
    public void Watch_OfWhatCannotRun_EndsAtOnce(string line, int code, string message)
    {
        CommandRun run = CommandRun.Of(line.Split(' '));

        Assert.Equal((code, ""), (run.ExitCode, run.Text));
        Assert.StartsWith(message, run.Messages, StringComparison.Ordinal);
    }
}
