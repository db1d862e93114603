using Osprey.Cli.Commands.Rest;
using Osprey.Rest.Connection;
using Osprey.Rest.Tracepoints;
using Osprey.Tests.Builders.Rest;

namespace Osprey.Tests.Rest;

public sealed class TracepointPatternTests
{
    [Theory]
    [InlineData("vfs_open", "^vfs_open$", "vfs_open", "vfs_open_ret")]
    [InlineData("vfs_*", "^vfs_.*$", "vfs_open", "xvfs_open")]
    [InlineData("*open*", "^.*open.*$", "vfs_open_ret", "vfs_close")]
    [InlineData("*a*b*c", "^.*a.*b.*c$", "xaybzbc", "xaybzbcd")]
    [InlineData("vfs_?pen", "^vfs_.pen$", "vfs_open", "vfs_pen")]
    [InlineData("vfs_[a-o]*", "^vfs_[a-o].*$", "vfs_open", "vfs_read")]
    [InlineData("vfs_[!a-o]*", "^vfs_[^a-o].*$", "vfs_read", "vfs_open")]
    [InlineData("[abc-]x", "^[abc-]x$", "-x", "dx")]
    [InlineData("a+b(c){1}|d", "^a[+]b[(]c[)][{]1[}][|]d$", "a+b(c){1}|d", "aab")]
    [InlineData("a.b", "^a[.]b$", "a.b", "axb")]
    [InlineData("function entry", "^function entry$", "function entry", "function")]
    [InlineData("cost$", "^cost[$]$", "cost$", "cost")]
    [InlineData("open[", "^open[[]$", "open[", "open")]
    [InlineData("**", "^.*.*$", "", null)]
    [InlineData("^x", null, "^x", "x")]
    [InlineData("a\\b", null, "a\\b", "ab")]
    public void Glob_MeansTheSameToUsAndToEveryGuest(string glob, string? match, string hit, string? miss)
    {
        TracepointPattern pattern = TracepointPattern.Parse(glob);

        Assert.Equal(match, pattern.GuestMatch);
        Assert.True(pattern.Matches(hit));
        Assert.False(miss is not null && pattern.Matches(miss));
        if (match is null)
            return;
        foreach (string name in new[] { hit, miss ?? "" })
        {
            Assert.Equal(pattern.Matches(name), FakeRestMatch.Search(match, name));
            Assert.Equal(
                pattern.Matches(name),
                System.Text.RegularExpressions.Regex.IsMatch(name, $"\\A(?:{match})\\z")
            );
        }
    }

    [Theory]
    [InlineData("/open/", "^.*open.*$", "vfs_open_ret", "vfs_close")]
    [InlineData("/^vfs_/", "^vfs_.*$", "vfs_open", "xvfs_")]
    [InlineData("/_ret$/", "^.*_ret$", "vfs_open_ret", "_ret_")]
    [InlineData("/^vfs_.*_ret$/", "^vfs_.*_ret$", "vfs_open_ret", "vfs_open")]
    [InlineData("/a+b/", null, "a+b", "aab")]
    [InlineData("/a|b/", null, "a|b", "a")]
    [InlineData("/\\(a\\|b\\)c/", null, "xbc", "abxc")]
    [InlineData("/^a\\{2,3\\}$/", null, "aaa", "aaaa")]
    [InlineData("/^a\\{2\\}$/", null, "aa", "a")]
    [InlineData("/^a\\{2,\\}$/", null, "aaaaa", "a")]
    [InlineData("/^a\\+$/", null, "aa", "")]
    [InlineData("/^a\\?$/", null, "", "aa")]
    [InlineData("/^*a/", null, "*a", "a")]
    [InlineData("/\\(*a\\)/", null, "*a", "a")]
    [InlineData("/a^b$c/", null, "a^b$c", "abc")]
    [InlineData("/^\\(ab\\)*$/", null, "abab", "aba")]
    [InlineData("/^a**$/", null, "aaa", "b")]
    [InlineData("/\\(.\\)\\1/", null, "open__x", "vfs_read")]
    [InlineData("/^[[:digit:]_]*$/", null, "1_2", "a")]
    [InlineData("/[]x]/", null, "]", "y")]
    [InlineData("/^[^]x]$/", null, "y", "]")]
    [InlineData("/[a\\]$/", null, "\\", "b")]
    [InlineData("/[[.-.]]/", null, "-", "a")]
    [InlineData("/a\\.b/", null, "a.b", "axb")]
    [InlineData("/\\w\\W/", null, "a-", "ab")]
    public void Regex_IsASearchWithABasicExpression(string text, string? match, string hit, string miss)
    {
        TracepointPattern pattern = TracepointPattern.Parse(text);

        Assert.True(pattern.IsRegex);
        Assert.Equal(match, pattern.GuestMatch);
        Assert.True(pattern.Matches(hit));
        Assert.False(pattern.Matches(miss));
        Assert.True(TracepointPattern.Parse(text[1..^1], regex: true).Matches(hit));
    }

    [Theory]
    [InlineData("\\(a", "a \\( has no \\)")]
    [InlineData("a\\)", "a \\) has no \\(")]
    [InlineData("a\\{2", "a \\{ has no \\}")]
    [InlineData("\\{2\\}", "there is nothing for \\{ to repeat")]
    [InlineData("a\\{3,2\\}", "between \\{ and \\} belong one or two numbers, the smaller first")]
    [InlineData("a\\{256\\}", "a repetition is a number up to 255")]
    [InlineData("a\\{x\\}", "a repetition is a number up to 255")]
    [InlineData("[a", "a [ has no ]")]
    [InlineData("[]", "a [ has no ]")]
    [InlineData("[z-a]", "the range z-a is empty")]
    [InlineData("[[:vowel:]]", "there is no class [:vowel:]")]
    [InlineData("[[:alpha]", "a [: has no :]")]
    [InlineData("[[.ch.]]", "ch is not one character")]
    [InlineData("a\\", "it ends in a backslash")]
    [InlineData("\\1", "\\1 refers to a group that is not there")]
    [InlineData("\\(a\\1\\)", "\\1 refers to a group that is not there")]
    [InlineData("\\d", "\\d has no meaning")]
    public void Regex_Malformed_IsExplained(string regex, string why)
    {
        GuestRestException error = Assert.Throws<GuestRestException>(() => TracepointPattern.Parse(regex, regex: true));

        Assert.Equal(
            $"'{regex}' is not a basic regular expression: {why}\n"
                + "To match names with * and ? only, leave the slashes out.",
            error.Message
        );
    }

    [Fact]
    public void Regex_ThatTakesForEver_IsStopped()
    {
        TracepointPattern pattern = TracepointPattern.Parse("/^\\(\\(a*\\)*\\)*\\1b$/");

        GuestRestException error = Assert.Throws<GuestRestException>(() => pattern.Matches(new string('a', 40)));

        Assert.Equal(
            "/^\\(\\(a*\\)*\\)*\\1b$/ takes too long to match\nUse a simpler regular expression.",
            error.Message
        );
    }

    [Fact]
    public void Patterns_OfAnyCharacters_ThrowOnlyOurException()
    {
        const string alphabet = "ab*?[]^$.\\(){}|+-!:=/,1 ";
        Random random = new(7);
        for (int round = 0; round < 5000; round++)
        {
            string text = string.Concat(
                Enumerable.Range(0, random.Next(1, 12)).Select(_ => alphabet[random.Next(alphabet.Length)])
            );
            TracepointPattern glob = TracepointPattern.Parse(text.Replace('/', 'x'));
            foreach (string name in new[] { "", "a", "ab1", "b.[x" })
            {
                bool matches = glob.Matches(name);
                if (glob.GuestMatch is { } match)
                    Assert.True(matches == FakeRestMatch.Search(match, name), $"{text} {match} {name}");
            }

            try
            {
                TracepointPattern.Parse(text, regex: true).Matches("aab");
            }
            catch (GuestRestException)
            {
                // The only exception that is allowed.
            }
        }
    }

    [Fact]
    public void Selection_FromArguments_TakesListsRegexesAndNothing()
    {
        Assert.Equal(
            ["vfs_*", "sched_wait", "/a,b/", "function entry"],
            TracepointSelection
                .Parse(["vfs_*, sched_wait,", "/a,b/", "function entry"])
                .Patterns.Select(pattern => pattern.Text)
        );
        Assert.Equal(["*"], TracepointSelection.Parse([]).Patterns.Select(pattern => pattern.Text));
        Assert.Equal(["a,b"], TracepointSelection.Parse(["a,b"], regex: true).Patterns.Select(pattern => pattern.Text));
        Assert.Equal(
            "a tracepoint's name is empty\nTo mean all tracepoints write '*'.",
            Assert.Throws<GuestRestException>(() => TracepointSelection.Parse(["vfs", ""])).Message
        );
        Assert.Throws<GuestRestException>(() => TracepointSelection.Parse([","]));
        Assert.Throws<GuestRestException>(() => TracepointSelection.Parse(["//"]));
    }

    [Theory]
    [InlineData("vfs_opne", "Near names: vfs_open")]
    [InlineData("sched_wiat", "Near names: sched_wait, sched_ipi, sched_load, sched_wake")]
    [InlineData("malloc", "Near names: memory_malloc, memory_malloc_large, memory_malloc_mempool, memory_malloc_page")]
    [InlineData("zzzzzzzzzzzz", "The guest has 480 tracepoints; 'osprey trace status' lists them.")]
    [InlineData("/^VFS_OPEN$/", "Near names: vfs_open, vfs_open_err, vfs_open_ret")]
    public void Choose_NothingMatches_SuggestsNearNames(string pattern, string advice)
    {
        IReadOnlyList<TracepointState> all = TracepointState.Merge(
            GuestReplies.ReadStatus(RecordedReplies.Read("trace_status.json"), "x")
        );

        GuestRestException error = Assert.Throws<GuestRestException>(() =>
            TracepointSelection.Parse(["vfs_*", pattern]).Choose(all)
        );

        Assert.Equal(($"no tracepoint matches '{pattern}'", advice), (error.Finding, RestAdvice.Of(error)));
        Assert.Equal(GuestRestProblem.UnknownTracepoint, error.Problem);
    }
}
