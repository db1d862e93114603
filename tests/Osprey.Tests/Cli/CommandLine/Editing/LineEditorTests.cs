using Osprey.Cli.CommandLine.Completion;
using Osprey.Cli.CommandLine.Editing;

namespace Osprey.Tests.Cli.CommandLine.Editing;

/// <summary>The keys of the shell's line editor.</summary>
public sealed class LineEditorTests
{
    [Theory]
    [InlineData("abc{Enter}", "abc")]
    [InlineData("ac{LeftArrow}b{Enter}", "abc")]
    [InlineData("bc^Aa^Ed{Enter}", "abcd")]
    [InlineData("bc{Home}a{End}d{Enter}", "abcd")]
    [InlineData("abx{Backspace}c{Enter}", "abc")]
    [InlineData("xabc^A{Delete}{Enter}", "abc")]
    [InlineData("xabc^A^D{Enter}", "abc")]
    [InlineData("one two^Wthree{Enter}", "one three")]
    [InlineData("one two{AltB}{AltB}^Kx{Enter}", "x")]
    [InlineData("one two{AltB}^Ux{Enter}", "xtwo")]
    [InlineData("one two{AltB}^U^E ^Y{Enter}", "two one ")]
    [InlineData("{Backspace}{Delete}{LeftArrow}{RightArrow}^W^K^U{UpArrow}{DownArrow}{Enter}", "")]
    [InlineData("lost^Ckept{Enter}", "kept")]
    [InlineData("^D", null)]
    [InlineData("ab", null)]
    public void ReadLine_Keys_EditTheLine(string keys, string? expected) =>
        Assert.Equal(expected, Read(new KeyScript().Type(keys), new LineHistory(null)));

    [Theory]
    [InlineData("{UpArrow}{Enter}", "second")]
    [InlineData("^P^P{Enter}", "first")]
    [InlineData("^P^P^P^N{Enter}", "second")]
    [InlineData("typed{UpArrow}{DownArrow}{Enter}", "typed")]
    [InlineData("^Rfi{Enter}", "first")]
    [InlineData("^Rs^R{Enter}", "first")]
    [InlineData("^Rnowhere{Enter}", "second")]
    public void ReadLine_KeysOfHistory_RecallLines(string keys, string expected)
    {
        var history = new LineHistory(null);
        history.Add("first");
        history.Add("second");
        history.Add("second");
        history.Add(" ");
        Assert.Equal(["first", "second"], history.Lines);
        Assert.Equal(expected, Read(new KeyScript().Type(keys), history));
    }

    [Theory]
    [InlineData("thr{Tab}{Enter}", "threads ")]
    [InlineData("lo{Tab}{Enter}", "lo")]
    [InlineData("l{Tab}{Enter}", "lo")]
    [InlineData("x{Tab}{Enter}", "x")]
    [InlineData("thr x{LeftArrow}{LeftArrow}{Tab}{Enter}", "threads  x")]
    public void ReadLine_Tab_Completes(string keys, string expected) =>
        Assert.Equal(expected, Read(new KeyScript().Type(keys), new LineHistory(null)));

    [Fact]
    public void ReadLine_TabWithSeveralWords_ListsThem()
    {
        KeyScript terminal = new KeyScript().Type("lo{Tab}{Enter}");
        Read(terminal, new LineHistory(null));
        Assert.Contains("\r\n  locks                    lists locks\r\n  log", terminal.Written.ToString());
    }

    [Fact]
    public void ReadLine_LongLine_IsShownAroundTheCursor()
    {
        KeyScript terminal = new KeyScript(width: 20).Type("abcdefghijklmnopqrstuvwxyz^A{Enter}");
        Read(terminal, new LineHistory(null));
        string[] rows = terminal.Written.ToString().Split('\r');
        Assert.Equal("> klmnopqrstuvwxyz\u001b[K", rows[^3]);
        Assert.Equal("> abcdefghijklmnopq\u001b[K\u001b[17D", rows[^2]);
        Assert.All(rows, row => Assert.True(row.Split('\u001b')[0].Length <= 20, row));
    }

    [Fact]
    public void History_IsKeptInAFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"osprey-history-{Guid.NewGuid():n}", "history");
        try
        {
            var history = new LineHistory(path);
            for (int i = 0; i < 1100; i++)
                history.Add($"line {i}");

            Assert.Equal(1000, File.ReadAllLines(path).Length);
            Assert.Equal("line 1099", File.ReadAllLines(path)[^1]);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static string? Read(KeyScript terminal, LineHistory history) =>
        new LineEditor(terminal, history, Complete).ReadLine("> ");

    private static (int Start, IReadOnlyList<CompletionItem> Items) Complete(string line)
    {
        CompletionItem[] all = [new("threads", ""), new("locks", "lists locks"), new("log", "")];
        return (0, [.. all.Where(item => item.Text.StartsWith(line, StringComparison.Ordinal))]);
    }
}
