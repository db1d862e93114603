using Osprey.Debug.Breakpoints;

namespace Osprey.Tests.Debugging;

/// <summary>Breakpoints as users write them.</summary>
public sealed class BreakpointTextTests
{
    [Theory]
    [InlineData("vfs_open", "Function vfs_open")]
    [InlineData("sched::thread::start", "Function sched::thread::start")]
    [InlineData("operator new(unsigned long)", "Function operator new(unsigned long)")]
    [InlineData("libc.so`write", "Function libc.so`write")]
    [InlineData("fs/vfs.cc:120", "Line fs/vfs.cc:120")]
    [InlineData("0x40200000", "Address *0x40200000")]
    [InlineData("main+0x12", "Address *main+0x12")]
    [InlineData("*$rip + 4", "Address *$rip + 4")]
    public void Location_IsRecognisedByItsForm(string text, string expected)
    {
        var location = BreakpointLocation.Parse(text);
        Assert.Equal(expected, $"{location.GetType().Name} {location}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.c:0")]
    [InlineData("a.c:99999999999")]
    public void Location_ThatIsNone_IsRefused(string text) =>
        Assert.Throws<FormatException>(() => BreakpointLocation.Parse(text));

    [Theory]
    [InlineData("3", "3")]
    [InlineData("== 3", "3")]
    [InlineData(">3", "4 5 6 7")]
    [InlineData(">= 3", "3 4 5 6 7")]
    [InlineData("<3", "1 2")]
    [InlineData("<=3", "1 2 3")]
    [InlineData("%3", "3 6")]
    public void HitCondition_CountsTheHitsThatItNames(string text, string expected)
    {
        var condition = HitCondition.Parse(text);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(1, 7).Where(hit => condition.IsMet(hit))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%0")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData(">")]
    public void HitCondition_ThatIsNone_IsRefused(string text) =>
        Assert.Throws<FormatException>(() => HitCondition.Parse(text));

    [Fact]
    public void HitCondition_AfterIgnoredHits_CountsTheRest()
    {
        var condition = HitCondition.After(2);
        Assert.Equal([false, false, true, true], Enumerable.Range(1, 4).Select(hit => condition.IsMet(hit)));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("open {path} by {$rip}", "open <path> by <$rip>")]
    [InlineData("{{literal}} {a}", "{literal} <a>")]
    [InlineData("{ (struct p){1} }", "<(struct p){1}>")]
    public void LogText_HasTheValuesOfItsExpressions(string text, string expected) =>
        Assert.Equal(expected, LogText.Parse(text).Format(expression => $"<{expression}>"));

    [Theory]
    [InlineData("{")]
    [InlineData("a {b")]
    [InlineData("a {} b")]
    public void LogText_WithABraceThatIsNotClosed_IsRefused(string text) =>
        Assert.Throws<FormatException>(() => LogText.Parse(text));
}
