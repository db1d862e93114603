using System.CommandLine;
using Osprey.Cli.CommandLine.Help;
using Osprey.Cli.Commands.General;

namespace Osprey.Cli.CommandLine;

/// <summary>The options of the program itself.</summary>
/// <remarks>
/// The parser's own root command has options for help and the version, too, but makes resources and looks at the
/// program's assembly for them at each start, which takes longer than most commands do.
/// </remarks>
internal static class GeneralOptions
{
    private const string QuietName = "--quiet";

    /// <summary>Adds them to the command that all others are below.</summary>
    public static void AddTo(Command root) =>
        root.AddOptions(
            new Option<bool>("--help", "-h", "-?")
            {
                Description = "Show this help",
                Recursive = true,
                Arity = ArgumentArity.Zero,
                Action = new ShowHelp(),
            },
            new Option<bool>("--version")
            {
                Description = VersionCommand.Summary,
                Arity = ArgumentArity.Zero,
                Action = new VersionCommand.Action(),
            },
            new Option<bool>(QuietName, "-q")
            {
                Description = "Write no notes to standard error, only what went wrong",
                Recursive = true,
                Arity = ArgumentArity.Zero,
            }
        );

    /// <summary>Tells whether a command line asks for no notes.</summary>
    public static bool IsQuiet(ParseResult parsed)
    {
        // Not by its name: the parser would make an index of all options of all commands.
        foreach (Option option in parsed.RootCommandResult.Command.Options)
        {
            if (option is Option<bool> { Name: QuietName } quiet)
                return parsed.GetValue(quiet);
        }

        return false;
    }
}
