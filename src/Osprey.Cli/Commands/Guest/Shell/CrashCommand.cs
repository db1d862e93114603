using System.CommandLine;
using Osprey.Cli.CommandLine;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>
/// <c>osprey crash</c>: its help, which is the table of crash's words. Those that mean something are replaced before
/// commands are looked for (<see cref="CrashWords.Translate"/>).
/// </summary>
internal static class CrashCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            CrashWords.Name,
            "Show what a command of the program crash shows, by that command's words; takes the options of the command "
                + "that stands behind it",
            [
                .. CrashWords
                    .All.Where(word => word.New is not null)
                    .Select(word => (Old: Join("osprey crash", word.Text, word.Argument), word))
                    .Select(pair => $"{pair.Old, -32} # {Join("osprey", pair.word.New!, pair.word.Argument)}"),
            ]
        );
        command.Arguments.Add(
            new Argument<string[]>("command")
            {
                Description = "The words of crash and their arguments",
                Arity = ArgumentArity.OneOrMore,
            }
        );
        command.SetAction(int (_) => throw new UsageException("name a command of crash (see 'osprey crash --help')"));
        return command;
    }

    private static string Join(params string[] words) => string.Join(' ', words.Where(word => word.Length > 0));
}
