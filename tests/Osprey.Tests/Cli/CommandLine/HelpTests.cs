using System.CommandLine;
using Osprey.Cli.CommandLine.Help;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.CommandLine;

/// <summary>Tests what the help shows, and that a letter means one thing.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Commands => AllCommands.Paths;

    [Fact]
    public void Help_OfTheProgram_ListsCommands() => GoldenFile.Verify(CommandRun.Of("help").Text);

    [Fact]
    public void Help_OfACommand_HasGroupsAndExamples() =>
        GoldenFile.Verify(CommandRun.Of("help", "trace", "prof-wait").Text);

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_InBothForms_IsTheSame(string path)
    {
        CommandRun asCommand = CommandRun.Of(["help", .. path.Split(' ')]);
        CommandRun asOption = CommandRun.Of([.. path.Split(' '), "--help"]);
        Assert.Equal((0, "", asOption.Text), (asCommand.ExitCode, asCommand.Messages, asCommand.Text));
        string[] lines = asCommand.Text.Split('\n');
        int common = Array.IndexOf(lines, "Common options:");
        int examples = Array.IndexOf(lines, "Examples:");
        Assert.Contains("  -h, --help", lines[common..examples].Select(line => line.Split("   ")[0]));
        Assert.All(lines, line => Assert.True(line.Length <= 100 || Array.IndexOf(lines, line) > examples, line));
    }

    /// <summary>A sentence begins with what the command does, as an order: "Show", not "Shows" or "Showing".</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public void Description_BeginsWithAVerb(string path)
    {
        (Command command, _) = AllCommands.Find(path);
        string[] verbs =
        [
            "Analyse",
            "Compare",
            "Explain",
            "Fetch",
            "Find",
            "Let",
            "List",
            "Make",
            "Print",
            "Record",
            "Reset",
            "Show",
            "Start",
            "Stop",
            "Turn",
            "Walk",
            "Write",
        ];
        Assert.Contains(command.Description!.Split(' ')[0], verbs);
    }

    [Fact]
    public void Letters_MeanOneThingEach()
    {
        // Those of trace.py itself: cpu-load's format and convert-dump's file. -n is how many, of whatever is listed.
        string[] allowed = ["-f", "-n"];
        IEnumerable<(string Letter, string Name)> letters = AllCommands.Lines.SelectMany(path =>
        {
            (Command command, Command root) = AllCommands.Find(path);
            return AllCommands
                .OptionsOf(command, root)
                .SelectMany(option =>
                    option.Aliases.Where(alias => alias.Length == 2).Select(alias => (alias, option.Name))
                );
        });
        foreach (IGrouping<string, (string Letter, string Name)> letter in letters.GroupBy(pair => pair.Letter))
        {
            string[] names = [.. letter.Select(pair => pair.Name).Distinct()];
            Assert.True(names.Length == 1 || allowed.Contains(letter.Key), $"{letter.Key}: {string.Join(", ", names)}");
        }
    }

    [Fact]
    public void FormerLetters_AreTakenWithANote()
    {
        CommandRun run = CommandRun.Of("read", "0", "-t", "core:/nowhere/x");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            "osprey: note: -t is taken for --target here, but no longer stands in the help: use --target or -T",
            run.Messages.Split('\n')[0]
        );
        Assert.Equal(
            "osprey: unknown option -t (see 'osprey guests --help')\n",
            CommandRun.Of("guests", "-t", "x").Messages
        );
    }

    [Fact]
    public void Version_InBothForms_IsTheSame()
    {
        CommandRun run = CommandRun.Of("version");
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Text);
        Assert.Equal(CommandRun.Of("--version").Text, run.Text);
    }

    [Fact]
    public void Usage_NamesArgumentsAndWhetherTheyMustBeThere()
    {
        (Command command, Command root) = AllCommands.Find("read");
        Assert.Equal(
            "osprey read ADDRESS [COUNT] [OPTION...]",
            new CommandDocument("osprey read", command, root).Usage
        );
    }
}
