using System.Diagnostics;
using Osprey.Tests.Builders;
using Osprey.Tests.Recordings;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Cli.CommandLine;

/// <summary>Tests what shells are told to complete, and that they do.</summary>
public sealed class CompletionTests
{
    private static readonly string s_trace = Path.Combine(Checkout.Root, "samples", "fs", "tracefile");

    [Fact]
    public void Complete_Commands_AreAllThatAreShown()
    {
        string[] words = Complete("trace", "");
        Assert.Contains("prof-wait", words);
        Assert.DoesNotContain("complete", Complete(""));
        Assert.Contains("trace", Complete(""));
        Assert.Contains("prof-wait", Complete("help", "trace", "pr"));
    }

    [Fact]
    public void Complete_Options_AreThoseOfTheCommand()
    {
        Assert.Equal(["--min-duration", "--min-hits"], Complete("trace", "prof-wait", "--min"));
        Assert.Contains("-S", Complete("trace", "prof", "-S"));
        Assert.Equal([], Complete("guests", "--target"));
    }

    [Fact]
    public void Complete_Values_AreThoseOfTheOption()
    {
        Assert.Equal(["cpu", "none", "thread"], Complete("trace", "prof", "-g", ""));
        Assert.Equal(["cpu", "none", "thread"], Complete("trace", "prof", "--group-by="));
        Assert.Equal([":files"], Complete("trace", "prof", "-e", ""));
        Assert.Equal([":folders"], Complete("man", "-o", ""));
        Assert.Equal([":files"], Complete("trace", "list", "tr"));
        Assert.Equal(["bash", "fish", "zsh"], Complete("completion", ""));
        Assert.Equal([], Complete("print", ""));
    }

    [Fact]
    public void Complete_Tracepoints_AreThoseOfTheTrace()
    {
        Assert.Contains("vfs_open_ret", Complete("trace", "list", s_trace, "-t", ""));
        Assert.Contains("vfs_open_ret", Complete("trace", "prof-timed", "-St", "x", s_trace, "--tracepoint", "vfs"));
        Assert.Equal([], Complete("trace", "list", Checkout.Root + "/README.md", "-t", ""));
        Assert.Equal([], Complete("trace", "list", "-t", ""));
    }

    [Fact]
    public void Complete_Guests_BeginWithThoseThatRunAndEndWithTheOtherWays()
    {
        string[] words = Complete("read", "--target", "");
        Assert.Equal(["gdb:", "core:", ":files"], words[^3..]);
    }

    [Fact]
    public void Complete_AnyWords_NeverFails()
    {
        string[][] lines =
        [
            [],
            ["-"],
            ["--", "x"],
            ["nonsense", "x", ""],
            ["trace", "--", "-"],
            ["read", "--target"],
            ["=", "--="],
        ];
        Assert.All(lines, line => Assert.Equal(0, CommandRun.Of(["complete", "--", .. line]).ExitCode));
    }

    [ToolTheory("bash")]
    [InlineData("osprey trace prof-w", "prof-wait")]
    [InlineData("osprey pri", "print")]
    [InlineData("osprey trace prof --group-by=th", "thread")]
    [InlineData("osprey trace prof -g th", "thread")]
    [InlineData("osprey trace list {trace} -t vfs_op", "vfs_open vfs_open_ret vfs_open_err")]
    [InlineData("osprey trace list {samples}/fs/tracefil", "{samples}/fs/tracefile {samples}/fs/tracefile.symbols")]
    [InlineData("osprey read --target gdb", "gdb:")]
    public void Bash_Completes(string line, string expected)
    {
        string script =
            Function
            + """
                source /dev/stdin <<< "$1"
                COMP_LINE=$2 COMP_POINT=${#2}
                COMP_WORDS=($(sed 's/\([=:]\)/ \1 /g' <<< "$2")) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _osprey
                echo "${COMPREPLY[*]}"
                """;
        Assert.Equal(Order(Fill(expected)), Order(Run("bash", ["-c", script, "bash", Script("bash"), Fill(line)])));
    }

    [ToolTheory("fish")]
    [InlineData("osprey trace prof-w", "prof-wait")]
    [InlineData("osprey trace prof -g th", "thread")]
    [InlineData("osprey trace list {trace} -t vfs_open_r", "vfs_open_ret")]
    public void Fish_Completes(string line, string expected)
    {
        string script =
            "function osprey; "
            + string.Join(' ', TestedProgram.Words)
            + " $argv; end; echo $argv[1] | source; complete -C $argv[2] | string replace -r '\\t.*' ''";
        Assert.Equal(expected, Run("fish", ["--no-config", "-c", script, Script("fish"), Fill(line)]).Trim());
    }

    [ToolTheory("zsh")]
    [InlineData("osprey trace prof-w", "prof-wait")]
    [InlineData("osprey trace prof -g th", "thread")]
    [InlineData("osprey trace list {trace} -t vfs_open_r", "vfs_open_ret")]
    public void Zsh_IsOfferedTheWord(string line, string expected)
    {
        string script =
            Function
            + """
                compdef() { : }
                _files() { echo FILES }
                _describe() { print -l -- "${(@P)4}" }
                eval "$1"
                words=(${=2}) CURRENT=${#words} PREFIX=${words[-1]}
                _osprey
                """;
        string offered = Run("zsh", ["-f", "-c", script, "zsh", Script("zsh"), Fill(line)]);
        Assert.Contains(expected, offered.Split('\n').Select(item => item.Split(':')[0]));
    }

    private static string Function => $"osprey() {{ {string.Join(' ', TestedProgram.Words)} \"$@\"; }}\n";

    private static string[] Complete(params string[] words)
    {
        CommandRun run = CommandRun.Of(["complete", "--", .. words]);
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
        return [.. run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0])];
    }

    private static string Script(string shell) => CommandRun.Of("completion", shell).Text;

    private static string Fill(string text) =>
        text.Replace("{trace}", s_trace, StringComparison.Ordinal)
            .Replace("{samples}", Checkout.Root + "/samples", StringComparison.Ordinal);

    private static string Order(string words) =>
        string.Join(' ', words.Trim().Split(' ').Order(StringComparer.Ordinal));

    private static string Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("", errors.GetAwaiter().GetResult());
        return output;
    }
}
