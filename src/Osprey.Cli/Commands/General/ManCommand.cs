using System.CommandLine;
using System.Text;
using Osprey.Cli.CommandLine;
using Osprey.Cli.CommandLine.Help;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.Commands.General;

/// <summary><c>osprey man</c>: manual pages, made of what the help shows.</summary>
internal static class ManCommand
{
    public const string Name = "man";

    public const string Summary = "Print a command's manual page, or write all of them into a folder";

    /// <summary>Today, or the day that packages are made of, which makes them the same every time.</summary>
    private static DateOnly Today =>
        DateOnly.FromDateTime(
            long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), out long seconds)
            && seconds is >= 0 and < 253_402_300_800
                ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime
                : DateTime.UtcNow
        );

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            Summary,
            "osprey man trace list | man -l -                      # as man shows it",
            "osprey man --output /usr/local/share/man/man1         # osprey.1, osprey-read.1, ..."
        );
        var words = new Argument<string[]>("command")
        {
            Description = "The command's words; the program itself when there are none",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var folder = new Option<string>("--output", "-o")
        {
            Description = "Write the pages of all commands into this folder",
            HelpName = "DIR",
        };
        command.Arguments.Add(words);
        command.Options.Add(folder);
        command.SetAction(result =>
        {
            Command root = CommandTree.Build(args: null);
            string[] names = result.GetValue(words) ?? [];
            if (result.GetValue(folder) is not { } path)
                return Print(root, names);

            return names.Length == 0
                ? WriteAll(root, path)
                : throw new UsageException("--output writes the pages of all commands: leave the command out");
        });
        return command;
    }

    private static int Print(Command root, string[] words)
    {
        (Command meant, string path) = CommandPath.Find(root, words);
        using var output = new Output(paged: false);
        output.Text.Append(Compose(root, meant, path));
        output.Flush();
        return ExitCode.Success;
    }

    private static int WriteAll(Command root, string folder)
    {
        Directory.CreateDirectory(folder);
        int count = 0;
        Write(root, CommandPath.Program);
        Messages.Note($"osprey: {count} manual pages written to {folder}");
        return ExitCode.Success;

        void Write(Command command, string path)
        {
            File.WriteAllText(
                Path.Combine(folder, ManPage.NameOf(path) + ".1"),
                Compose(root, command, path),
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)
            );
            count++;
            foreach (Command below in command.Subcommands.Where(sub => !sub.Hidden))
                Write(below, $"{path} {below.Name}");
        }
    }

    private static string Compose(Command root, Command command, string path) =>
        new ManPage(new CommandDocument(path, command, root), VersionCommand.Version.Split('+')[0], Today).Compose();
}
