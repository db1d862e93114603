using System.CommandLine;
using Osprey.Cli.CommandLine;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>
/// <c>osprey osv</c>: its help, which is the table of the script's words. Those that mean something are replaced before
/// commands are looked for (<see cref="OsvWords.Translate"/>).
/// </summary>
internal static class OsvCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            OsvWords.Name,
            "Show what a command of OSv's gdb script shows, by that command's words; takes the options of the command "
                + "that stands behind it",
            [
                .. OsvWords
                    .All.Where(word => word.New is not null)
                    .Select(word => (Old: Join("osprey osv", word.Old, word.Argument), word))
                    .Select(pair => $"{pair.Old, -40} # {Join("osprey", pair.word.New!, pair.word.Argument)}"),
            ]
        );
        command.Arguments.Add(
            new Argument<string[]>("command")
            {
                Description = "The script's words and their arguments",
                Arity = ArgumentArity.OneOrMore,
            }
        );
        command.SetAction(
            int (_) => throw new UsageException("name a command of OSv's script (see 'osprey osv --help')")
        );
        return command;
    }

    private static string Join(params string[] words) => string.Join(' ', words.Where(word => word.Length > 0));
}
