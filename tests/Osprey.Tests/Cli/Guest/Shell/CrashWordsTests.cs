using Osprey.Cli;
using Osprey.Cli.Commands;
using Osprey.Cli.Commands.Guest.Shell;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Guest.Shell;

/// <summary>The words of the program crash.</summary>
public sealed class CrashWordsTests
{
    [Theory]
    [InlineData("crash ps", "ps")]
    [InlineData("crash ps --json -n 3", "ps --json -n 3")]
    [InlineData("crash --target core:x vm 1 --csv", "maps --target core:x 1 --csv")]
    [InlineData("-q crash bt 27", "-q bt 27")]
    [InlineData("crash bt -a", "bt --cpus")]
    [InlineData("crash foreach bt", "bt --all")]
    [InlineData("crash struct task_struct", "type task_struct")]
    [InlineData("crash rd linux_banner", "read --unit 8 linux_banner 8")]
    [InlineData("crash rd linux_banner 4", "read --unit 8 linux_banner 32")]
    [InlineData("crash rd -p 0x1000 0x10 -T vm", "read --unit 8 -p 0x1000 128 -T vm")]
    [InlineData("crash rd linux_banner all", "read --unit 8 linux_banner all")]
    [InlineData("crash irq", "irq")]
    [InlineData("crash timer --json", "timers --json")]
    [InlineData("crash kmem", "memory")]
    [InlineData("crash kmem -i --target core:x", "memory --target core:x")]
    [InlineData("crash kmem --json -s", "slab --json")]
    [InlineData("crash kmem -z", "memory --zones")]
    [InlineData("crash", "crash")]
    [InlineData("crash --help", "crash --help")]
    [InlineData("crash ps --help", "crash ps --help")]
    [InlineData("threads crash", "threads crash")]
    public void Translate_GivesTheCommandHere(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', CrashWords.Translate(line.Split(' '))));

    [Theory]
    [InlineData("crash nonsense", "no command here shows what 'crash nonsense' does (see 'osprey crash --help')")]
    [InlineData("crash foreach files", "crash foreach: only stacks are shown for all tasks: crash foreach bt")]
    [InlineData("crash task 1", "crash task: osprey print --thread PID '*current' shows a task_struct")]
    [InlineData("crash set 1", "crash set: a shell keeps a task for the commands behind it: thread PID")]
    public void Translate_WhatHasNoCommand_SaysWhatToDo(string line, string expected) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => CrashWords.Translate(line.Split(' '))).Message);

    [Fact]
    public void All_NameCommandsThatExist()
    {
        string[] commands = [.. CommandTree.Build(null).Subcommands.Select(command => command.Name)];
        Assert.All(
            CrashWords.All.Where(word => word.New is not null),
            word => Assert.Contains(word.New!.Split(' ')[0], commands)
        );
        Assert.All(CrashWords.All, word => Assert.True(word.New is null != word.Instead is null, word.Old));
    }

    [Fact]
    public void CrashHelp_IsTheTable() => GoldenFile.Verify(CommandRun.Of("crash", "--help").Text);
}
