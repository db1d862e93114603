using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.CommandLine.Help;

namespace Osprey.Cli.Commands.General;

/// <summary><c>osprey help</c>: the help of a command.</summary>
internal static class HelpCommand
{
    public const string Name = "help";

    public const string Summary = "Show the help of a command";

    public static Command Create()
    {
        var command = new DocumentedCommand(
            Name,
            Summary + ", as COMMAND --help does",
            "osprey help",
            "osprey help trace list-timed"
        );
        var words = new Argument<string[]>("command")
        {
            Description = "The command's words; all commands are listed when there are none",
            Arity = ArgumentArity.ZeroOrMore,
        };
        command.Arguments.Add(words);
        command.SetAction(result =>
        {
            var root = result.RootCommandResult.Command;
            (Command meant, string path) = CommandPath.Find(root, result.GetValue(words) ?? []);
            ShowHelp.Show(meant, path, root);
            return ExitCode.Success;
        });
        return command;
    }
}
