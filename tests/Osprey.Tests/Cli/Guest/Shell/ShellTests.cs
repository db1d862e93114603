using System.Diagnostics;
using System.Text;
using Osprey.Tests.Builders;
using Osprey.Tests.Packets;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Cli.Guest.Shell;

/// <summary>The shell as a process: commands from a pipe, and keys on a terminal.</summary>
public sealed class ShellTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly SmallGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Commands_FromAPipe_RunOverOneGuest()
    {
        string[] lines =
        [
            "read banner 16   # a comment",
            "",
            "osprey read banner 16 --unit 8",
            "print 'first.next' --json",
            "registers --cpu 2",
            "symbol 'visit+4",
            "nonsense",
            "bt --limit 1",
            "print $rip --cpu 1",
            "print $rip",
            "threads",
            "info threads",
            "thread 5",
            "thread none",
            "osv connect",
            "shell",
            "abort",
            "log",
            "report",
            "watch --count 2 --interval 0 print matrix",
            "watch dump x",
            "type node",
            "quit",
            "read banner 16",
        ];
        GoldenFile.Verify(Run(string.Join('\n', lines) + "\n"));
    }

    [Fact]
    public void Input_ThatEndsAtOnce_IsSuccess() => Assert.EndsWith("exit 0\n", Run(""), StringComparison.Ordinal);

    [Fact]
    public void ExitCode_IsThatOfTheLastCommandThatFailed()
    {
        Assert.EndsWith("exit 1\n", Run("print nothing\nread banner 8\n"), StringComparison.Ordinal);
        Assert.EndsWith("exit 2\n", Run("print nothing\nread\nexit\n"), StringComparison.Ordinal);
    }

    [ToolFact("script")]
    public void Keys_OnATerminal_EditCompleteAndRecall()
    {
        string state = Path.Combine(_guest.Folder, "state");
        string history = Path.Combine(state, "osprey", "history");
        string[] words = [.. TestedProgram.Words, .. _guest.Arguments("shell")];
        var start = new ProcessStartInfo("script", ["-qfec", string.Join(' ', words), "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["XDG_STATE_HOME"] = state;
        start.Environment["TERM"] = "xterm";
        start.Environment["OSPREY_PAGER"] = "cat";
        using Process process = Process.Start(start)!;
        var screen = new StringBuilder();
        Expect("osprey> ");
        Type("rea\tbanr\u001b[Dne\u001b[C 16\r", "OSv v");
        Type("print matr\t\r", "}");
        Type("garbage\u0003\u001b[A\u001b[A\r", "OSv v");
        Type("print first.ne\t\r", "0x402010a0");
        Type("\u0004", "");
        Assert.True(process.WaitForExit(s_patience));
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(
            ["read banner 16", "print matrix", "read banner 16", "print first.next"],
            File.ReadAllLines(history)
        );

        void Type(string keys, string answer)
        {
            screen.Clear();
            process.StandardInput.Write(keys);
            process.StandardInput.Flush();
            if (answer.Length == 0)
                return;

            Expect(answer);
            Expect("osprey> \u001b[K");
        }

        void Expect(string text)
        {
            int from = 0;
            using var tooLong = new CancellationTokenSource(s_patience);
            char[] buffer = new char[4096];
            while (screen.ToString().IndexOf(text, from, StringComparison.Ordinal) < 0)
            {
                ValueTask<int> read = process.StandardOutput.ReadAsync(buffer, tooLong.Token);
                int count = read.AsTask().GetAwaiter().GetResult();
                Assert.True(count > 0, $"'{text}' was expected in: {screen}");
                screen.Append(buffer, 0, count);
            }

            screen.Remove(0, screen.ToString().IndexOf(text, from, StringComparison.Ordinal) + text.Length);
        }
    }

    private string Run(string input)
    {
        ProcessStartInfo start = TestedProgram.With(_guest.Arguments("shell"));
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> messages = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(s_patience));
        string text = $"{output.Result}--- stderr\n{messages.Result}--- exit {process.ExitCode}\n";
        return text.Replace(_guest.Folder, "FOLDER", StringComparison.Ordinal);
    }
}
