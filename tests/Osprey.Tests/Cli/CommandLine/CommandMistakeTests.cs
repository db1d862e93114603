using System.CommandLine;
using System.Text.RegularExpressions;
using Osprey.Cli.CommandLine.Help;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Cli.CommandLine;

/// <summary>
/// Checks that one kind of mistake has one exit code and a message of ours in all commands (docs/exit-codes.md).
/// </summary>
public sealed partial class CommandMistakeTests
{
    private const int Failure = 1;
    private const int Usage = 2;
    private const int ManyArguments = 9;

    public static TheoryData<string> Commands => AllCommands.Paths;

    [Theory]
    [MemberData(nameof(Commands))]
    public void Options_ThatDoNotExist_AreUsageErrors(string path)
    {
        Assert.Equal(
            $"osprey: unknown option --no-such-thing (see 'osprey {path} --help')\n",
            Fail(path, "--no-such-thing")
        );
        Assert.Equal($"osprey: unknown option -Z (see 'osprey {path} --help')\n", Fail(path, "-Z"));
        Assert.Equal($"osprey: unknown option -Z in '-qZ' (see 'osprey {path} --help')\n", Fail(path, "-qZ"));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Values_ThatAreMissing_AreUsageErrors(string path)
    {
        (Command command, Command root) = AllCommands.Find(path);
        foreach (Option option in AllCommands.OptionsOf(command, root).Where(NeedsValue))
            Assert.Equal(
                $"osprey: {option.Name} needs a value: {CommandDocument.ValueNameOf(option)} "
                    + $"(see 'osprey {path} --help')\n",
                Fail(path, [.. ArgumentsOf(command), option.Name])
            );
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Values_ThatAreNone_AreUsageErrors(string path)
    {
        (Command command, Command root) = AllCommands.Find(path);
        foreach (Option option in AllCommands.OptionsOf(command, root))
        {
            // The words of OSv's script, and those of crash, are looked at before anything else.
            string[] front = path is "osv" or "crash" ? [] : ArgumentsOf(command);
            string[] allowed =
            [
                .. option
                    .GetCompletions(System.CommandLine.Completions.CompletionContext.Empty)
                    .Select(item => item.Label),
            ];
            if (!CommandDocument.TakesValue(option) && option.HelpName == "")
                continue; // the reference takes a value for it
            else if (!CommandDocument.TakesValue(option))
                Assert.Equal(
                    $"osprey: {option.Name} takes no value (see 'osprey {path} --help')\n",
                    Fail(path, [.. front, option.Name + "=x"])
                );
            else if (
                Nullable.GetUnderlyingType(option.ValueType) is { IsPrimitive: true }
                || option.ValueType.IsPrimitive
            )
            {
                Assert.Equal(
                    $"osprey: {option.Name}: 'x' is not a whole number (see 'osprey {path} --help')\n",
                    Fail(path, [.. front, option.Name, "x"])
                );
                Assert.Equal(
                    $"osprey: {option.Name}: 99999999999999999999 is out of range (see 'osprey {path} --help')\n",
                    Fail(path, [.. front, option.Name, "99999999999999999999"])
                );
            }
            else if (allowed.Length > 0)
                Assert.Equal(
                    $"osprey: {option.Name}: 'x' is none of {string.Join(", ", allowed)} "
                        + $"(see 'osprey {path} --help')\n",
                    Fail(path, [.. front, option.Name, "x"])
                );
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Values_GivenTwice_AreUsageErrors(string path)
    {
        (Command command, Command root) = AllCommands.Find(path);
        foreach (
            Option option in AllCommands
                .OptionsOf(command, root)
                .Where(NeedsValue)
                .Where(option => option.Arity.MaximumNumberOfValues == 1)
        )
        {
            string value =
                option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).FirstOrDefault()?.Label
                ?? "1";
            Assert.Equal(
                $"osprey: {option.Name} is given 2 times; one value is expected (see 'osprey {path} --help')\n",
                Fail(path, [.. ArgumentsOf(command), option.Name, value, option.Name, value])
            );
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Arguments_TooFewOrTooMany_AreUsageErrors(string path)
    {
        (Command command, _) = AllCommands.Find(path);
        Argument? required = command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0);
        if (required is not null)
            Assert.StartsWith(
                $"osprey: {CommandDocument.NameOf(required)} is missing; the form is: osprey {path} ",
                Fail(path)
            );

        if (!command.Arguments.Any(argument => argument.Arity.MaximumNumberOfValues > 1))
            Assert.StartsWith(
                "osprey: '9' is one argument too many",
                Fail(path, [.. ArgumentsOf(command), .. Enumerable.Repeat("9", ManyArguments)])
            );
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Names_ThatAreEmpty_AreUsageErrors(string path)
    {
        (Command command, Command root) = AllCommands.Find(path);
        string[] needed = NeededOptions(path, Path.GetTempPath());
        if (command.Arguments is [{ } first, ..] && first.ValueType == typeof(string) && path != "completion")
            Assert.Equal(
                $"osprey: {CommandDocument.NameOf(first)} is empty (see 'osprey {path} --help')\n",
                Fail(path, [.. needed, "", .. ArgumentsOf(command).Skip(1)])
            );

        foreach (Option option in AllCommands.OptionsOf(command, root))
        {
            if (option.HelpName is "PATH" or "PATH@BASE" or "DIR" or "REPO" or "FILE" && !needed.Contains("-o"))
                Assert.Equal(
                    $"osprey: {option.Name} is empty (see 'osprey {path} --help')\n",
                    Fail(path, [.. ArgumentsOf(command), .. needed, option.Name, ""])
                );
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Files_ThatAreMissingOrFolders_AreFailures(string path)
    {
        (Command command, _) = AllCommands.Find(path);
        if (
            !path.StartsWith("trace ", StringComparison.Ordinal)
            || command.Arguments.FirstOrDefault()?.Name is not "tracefile"
            || path is "trace download" or "trace convert-dump" or "trace extract"
        )
            return;

        string folder = Directory.CreateTempSubdirectory("osprey-mistakes-").FullName;
        try
        {
            string file = Path.Combine(folder, "file");
            File.WriteAllText(file, "");
            string[] needed = NeededOptions(path, folder);
            Assert.Equal(
                $"osprey: {folder}/none: there is no such file\n",
                Fail(Failure, path, [.. needed, folder + "/none"])
            );
            Assert.Equal(
                $"osprey: {folder}: this is a folder; expected a trace file\n",
                Fail(Failure, path, [.. needed, folder])
            );
            Assert.Equal(
                $"osprey: {folder}/file/none: {folder}/file is a file, not a folder\n",
                Fail(Failure, path, [.. needed, file + "/none"])
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("prnt", "; did you mean print?")]
    [InlineData("frobnicate", "")]
    [InlineData("help prnt", "; did you mean print?")]
    [InlineData("man prnt", "; did you mean print?")]
    [InlineData("[suggest]", "")]
    [InlineData("@print", "; did you mean print?")]
    public void Commands_ThatDoNotExist_AreFailuresWithAHint(string words, string hint)
    {
        CommandRun run = CommandRun.Of(words.Split(' '));
        string word = words.Split(' ')[^1];
        Assert.Equal(
            (Failure, "", $"osprey: unknown command '{word}'{hint} (see 'osprey --help')\n"),
            (run.ExitCode, run.Text, run.Messages)
        );
    }

    [Fact]
    public void Document_HasTheCodes()
    {
        string document = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "exit-codes.md"));
        Assert.All(
            Osprey.Cli.ExitCode.All,
            code => Assert.Contains($"| {code.Term} | {code.Description} |", document, StringComparison.Ordinal)
        );
    }

    private static bool NeedsValue(Option option) => option.Arity.MinimumNumberOfValues > 0;

    /// <summary>The options that a command does not get as far as its file without.</summary>
    private static string[] NeededOptions(string path, string folder) =>
        path switch
        {
            "trace prof-timed" => ["-t", "x"],
            "trace export" => ["--to", "csv"],
            "trace cut" => ["-o", folder + "/out"],
            "trace pcap-dump" => [],
            "fault" => ["--return", "0"],
            "block inject" => ["--errno", "EIO"],
            _ => [],
        };

    /// <summary>A word for each argument that must be there.</summary>
    private static string[] ArgumentsOf(Command command) =>
        [
            .. command
                .Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0)
                .Select(argument =>
                    argument
                        .GetCompletions(System.CommandLine.Completions.CompletionContext.Empty)
                        .FirstOrDefault()
                        ?.Label
                    ?? "9"
                ),
        ];

    private static string Fail(string path, params string[] words) => Fail(Usage, path, words);

    private static string Fail(int code, string path, string[] words)
    {
        // Behind the command that is watched, options are that command's.
        if (path == "watch" && words is ["9", .. var own])
            words = own.Length == 1 ? own : [.. own, "9"];

        CommandRun run = CommandRun.Of([.. path.Split(' '), .. words]);
        string commandLine = string.Join(' ', words);
        Assert.Equal((commandLine, code, ""), (commandLine, run.ExitCode, run.Text));
        Assert.StartsWith("osprey: ", run.Messages);
        Assert.EndsWith("\n", run.Messages);
        Assert.DoesNotMatch(WordsOfTheRuntime(), run.Messages);
        Assert.Single(run.Messages.TrimEnd('\n').Split('\n'));
        return run.Messages;
    }

    [GeneratedRegex(
        @"System\.|Nullable|Could not|Cannot parse|Unrecognized|expected type|Parameter '|Exception|   at "
    )]
    private static partial Regex WordsOfTheRuntime();
}
