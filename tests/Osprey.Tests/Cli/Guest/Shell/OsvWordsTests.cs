using Osprey.Cli;
using Osprey.Cli.Commands;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Guest.Shell;

/// <summary>The words of OSv's gdb script.</summary>
public sealed class OsvWordsTests
{
    [Theory]
    [InlineData("osv info threads", "threads")]
    [InlineData("osv info threads --timers", "threads --timers")]
    [InlineData("osv info threads --no_location --json", "threads --no-location --json")]
    [InlineData("osv --target core:x info threads -n 3", "threads --target core:x -n 3")]
    [InlineData("-q osv thread apply all bt -T gdb::1234", "-q bt --all -T gdb::1234")]
    [InlineData("osv thread apply all where", "bt --all")]
    [InlineData("osv thread 27", "bt 27")]
    [InlineData("osv thread 27 bt --locals", "bt 27 --locals")]
    [InlineData("osv syms", "modules")]
    [InlineData("osv pagetable walk 0x1000", "pagetable 0x1000")]
    [InlineData("osv linear_mmap", "linear-mmap")]
    [InlineData("osv leak show --csv", "leak show --csv")]
    [InlineData("osv percpu sched::x y", "percpu sched::x y")]
    [InlineData("osv", "osv")]
    [InlineData("osv --help", "osv --help")]
    [InlineData("osv heap --help", "osv heap --help")]
    [InlineData("threads osv", "threads osv")]
    [InlineData("help osv", "help osv")]
    public void Translate_GivesTheCommandHere(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', OsvWords.Translate(line.Split(' '))));

    [Theory]
    [InlineData("osv nonsense", "OSv's script has no command 'osv nonsense' (see 'osprey osv --help')")]
    [InlineData("osv connect", "osv connect: name the stub with --target gdb:HOST:PORT")]
    [InlineData(
        "osv thread apply all x",
        "osv thread apply: only stacks are shown for all threads: osv thread apply all bt"
    )]
    public void Translate_WhatHasNoCommand_SaysWhatToDo(string line, string expected) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => OsvWords.Translate(line.Split(' '))).Message);

    [Theory]
    [InlineData("info threads", "osv info threads")]
    [InlineData("info", "info")]
    [InlineData("info --json", "info --json")]
    [InlineData("syms", "osv syms")]
    [InlineData("trace list", "trace list")]
    [InlineData("thread apply all bt", "osv thread apply all bt")]
    [InlineData("nonsense", "nonsense")]
    public void InShell_TheWordOsvMayBeLeftOut(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', OsvWords.InShell(line.Split(' '))));

    [Fact]
    public void All_NameCommandsThatExistOrAreAwaited()
    {
        string[] commands = [.. CommandTree.Build(null).Subcommands.Select(command => command.Name)];
        Assert.All(
            OsvWords.All.Where(word => word.New is not null),
            word => Assert.Contains(word.New!.Split(' ')[0], commands)
        );
        Assert.All(OsvWords.All, word => Assert.True(word.New is null != word.Instead is null, word.Old));
    }

    [Fact]
    public void All_LongerWordsComeFirst()
    {
        for (int i = 0; i < OsvWords.All.Count; i++)
            Assert.DoesNotContain(
                OsvWords.All.Skip(i + 1),
                later => later.Old.StartsWith(OsvWords.All[i].Old + " ", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void OsvHelp_IsTheTable() => GoldenFile.Verify(CommandRun.Of("osv", "--help").Text);
}
