using Osprey.Cli.Commands.Guest.Shell;

namespace Osprey.Tests.Cli.Guest.Shell;

/// <summary>Lines of the shell as words.</summary>
public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("# a comment")]
    [InlineData("threads --state waiting # a comment", "threads", "--state", "waiting")]
    [InlineData("print a#b", "print", "a#b")]
    [InlineData("  print  '*first->next' ", "print", "*first->next")]
    [InlineData("print \"a b\" ''", "print", "a b", "")]
    [InlineData("search --text 'osprey''s'", "search", "--text", "ospreys")]
    [InlineData("search --text \"osprey's\"", "search", "--text", "osprey's")]
    [InlineData("a\\ b \"c\\\"d\\e\" '\\'", "a b", "c\"d\\e", "\\")]
    public void Split_GivesTheWordsOfAShell(string line, params string[] words) =>
        Assert.Equal(words, ShellWords.Split(line));

    [Theory]
    [InlineData("print 'a")]
    [InlineData("print \"a'")]
    public void Split_OpenQuote_IsRefused(string line) => Assert.Throws<FormatException>(() => ShellWords.Split(line));

    [Theory]
    [InlineData("thr", "thr")]
    [InlineData("bt ", "bt", "")]
    [InlineData("print 'a b", "print", "a b")]
    public void SplitUnfinished_LastWordIsTheOneThatIsTyped(string line, params string[] words) =>
        Assert.Equal(words, ShellWords.SplitUnfinished(line));
}
